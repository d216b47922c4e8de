import type { Command } from 'commander';
import type { Check } from '../doctor/check';
import { exitCodes } from '../failures';
import { alignColumns } from '../output';
import type { Report, CommandRunner, Session } from '../session';

export function addDoctorCommand(program: Command, run: CommandRunner): void {
  program
    .command('doctor')
    .description(
      'check Temporal, the namespace, the workers, the runs and access to Partner Center; each fault comes with its fix',
    )
    .action(() => run(doctor));
}

async function doctor(session: Session): Promise<Report> {
  const { checkTemporal } = require('../doctor/temporal-checks') as typeof import('../doctor/temporal-checks');
  const { checkPartnerCenter } =
    require('../doctor/partner-center-checks') as typeof import('../doctor/partner-center-checks');
  const results = await Promise.all([checkTemporal(session), checkPartnerCenter(session.host.environment)]);
  const checks = results.flat();
  const hasFault = checks.some(({ state }) => state === 'fault');
  return {
    text: alignColumns(checks.map(describeCheck)),
    json: { ok: !hasFault, checks: checks.map(({ remediation, ...check }) => ({ ...check, mend: remediation })) },
    exitCode: hasFault ? exitCodes.failed : exitCodes.done,
  };
}

function describeCheck({ name, state, finding, remediation }: Check): string[] {
  return [state, name, remediation === undefined ? finding : `${finding}: ${remediation}`];
}
