import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Command } from 'commander';
import type { RequestFault } from '../../onboarding/request-schema';
import { getOnboardingId, getWorkflowId } from '../../onboarding/ids';
import { CommandFailure } from '../failures';
import type { Host, Report, CommandRunner, Session } from '../session';

export function addStartCommand(program: Command, run: CommandRunner): void {
  program
    .command('start')
    .description('start the onboarding of a closed deal; a deal that exists is not started again')
    .argument('<file>', 'the request as JSON; - reads stdin')
    .action((file: string) => run((session) => start(session, file)));
}

async function start(session: Session, file: string): Promise<Report> {
  const { checkRequest } =
    require('../../onboarding/request-schema') as typeof import('../../onboarding/request-schema');
  const { host } = session;
  const allowPrimaryContactMethod = host.environment['ALLOW_PRIMARY_CONTACT_METHOD'] === 'true';
  const { request, faults } = checkRequest(parseJson(await readText(host, file)), { allowPrimaryContactMethod });
  if (faults !== undefined) throw invalidRequest(faults);

  const result = await session.call((onboardings) => onboardings.start(request));
  const id = getOnboardingId(request);
  const json = { id, workflowId: getWorkflowId(request), ...result };
  switch (result.outcome) {
    case 'started':
      return { text: `The onboarding of deal ${id} has started.`, json };
    case 'known':
      return { text: describeKnown(id, result.ignored), json };
    case 'conflict':
      throw new CommandFailure(
        'conflict',
        `Deal ${id} already exists with different content: ${result.differing.join(', ')}. Nothing was changed.`,
        { id, differing: result.differing },
      );
  }
}

function describeKnown(id: string, ignored: readonly string[]): string {
  const known = `Deal ${id} already exists with the same content; nothing was started.`;
  return ignored.length === 0 ? known : `${known}\nIgnored, because the first values are kept: ${ignored.join(', ')}.`;
}

async function readText(host: Host, file: string): Promise<string> {
  if (file === '-') return text(host.stdin);
  try {
    return await readFile(resolve(host.workingDirectory, file), 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unreadable';
    throw new CommandFailure('fileUnreadable', `The file ${file} cannot be read (${code}).`);
  }
}

function parseJson(source: string): unknown {
  try {
    return JSON.parse(source.replace(/^\uFEFF/, '')) as unknown;
  } catch (error) {
    // The parser's own message quotes the text around the error, which may be personal data.
    const position = /at position (\d+)/.exec((error as Error).message)?.[1];
    const place = position === undefined ? '' : ` at line ${source.slice(0, Number(position)).split('\n').length}`;
    throw new CommandFailure('invalidJson', `The request is not valid JSON${place}.`);
  }
}

function invalidRequest(faults: RequestFault[]): CommandFailure {
  const lines = faults.map(({ pointer, detail }) => `  ${pointer === '' ? 'the request' : pointer} ${detail}`);
  const message = `The request is not valid; nothing was started:\n${lines.join('\n')}`;
  return new CommandFailure('invalidRequest', message, { faults });
}
