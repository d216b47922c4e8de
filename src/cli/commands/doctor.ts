import type { Command } from 'commander';
import { alignColumns } from '../columns';
import type { Check } from '../doctor/check';
import { exitCodes } from '../failures';
import { onDemand } from '../on-demand';
import type { Report, Run } from '../report';
import type { Session } from '../session';

export function addDoctorCommand(program: Command, run: Run): void {
  program
    .command('doctor')
    .description(
      'check Temporal, the namespace, the workers, the runs and access to Partner Center; a fault comes with its mend',
    )
    .action(() => run(doctor));
}

async function doctor(session: Session): Promise<Report> {
  const { checkTemporal } = onDemand.temporalChecks();
  const { checkPartnerCenter } = onDemand.partnerCenterChecks();
  const [ofTemporal, ofPartnerCenter] = await Promise.all([
    checkTemporal(session),
    checkPartnerCenter(session.host.environment),
  ]);
  const checks = [...ofTemporal, ...ofPartnerCenter];
  const hasFault = checks.some(({ state }) => state === 'fault');
  return {
    text: alignColumns(checks.map(describeCheck)),
    json: { ok: !hasFault, checks },
    exitCode: hasFault ? exitCodes.failed : exitCodes.done,
  };
}

function describeCheck({ name, state, finding, mend }: Check): string[] {
  return [state, name, mend === undefined ? finding : `${finding}: ${mend}`];
}
