import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { version } from '../../../package.json';
import { attestedRequest, primaryContactRequest } from '../../support/requests';
import { temporaryFolder } from '../../support/temporary-folder';
import { runCommandLineInProcess, parseError } from '../../support/command-line';

const nowhere = { TEMPORAL_ADDRESS: '127.0.0.1:1' };

test('--help lists the commands and the exit codes', async () => {
  const { code, stdout, stderr } = await runCommandLineInProcess(['--help']);

  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  for (const command of [
    'start',
    'status',
    'list',
    'accept',
    'decline',
    'retry',
    'cancel',
    'frame',
    'events',
    'doctor',
    'completion',
  ]) {
    expect(stdout).toMatch(new RegExp(`^  ${command} `, 'm'));
  }
  expect(stdout).toContain('3  Temporal, or a worker that has to answer, cannot be reached');
});

test('--version prints the product’s version', async () => {
  expect(await runCommandLineInProcess(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
});

test.each([
  ['no command', []],
  ['an unknown command', ['stauts', 'D-1']],
  ['a missing argument', ['status']],
  ['an invalid deal id', ['status', "D-1' OR 'a'='a"]],
  ['an unknown option', ['status', 'D-1', '--verbose']],
  ['a status that does not exist', ['list', '--status', 'done']],
  ['a limit that is not a number', ['list', '--limit', 'all']],
  ['a time without its zone', ['accept', 'D-1', '--accepted-at', '2026-11-24T10:00']],
  ['a rate of zero', ['retry', '--reason', 'access', '--per-second', '0']],
  ['an empty reason', ['accept', 'D-1', '--reason', '']],
  ['a decline without its code', ['decline', 'D-1']],
  ['an empty comment', ['decline', 'D-1', '--code', 'other', '--comment', '']],
])('%s is a usage error, on stderr and as JSON', async (_case, args) => {
  const run = await runCommandLineInProcess(['--json', ...args], { environment: nowhere });

  expect(run.code).toBe(2);
  expect(run.stderr).not.toBe('');
  expect(parseError(run)).toMatchObject({ type: 'usage', message: expect.any(String) as string });
});

test('Temporal settings that cannot be used are named', async () => {
  const run = await runCommandLineInProcess(['status', 'D-1', '--json'], {
    environment: { TEMPORAL_PROFILE: 'absent' },
  });

  expect(run.code).toBe(2);
  expect(parseError(run)).toMatchObject({ type: 'invalidConfiguration' });
  expect(run.stderr).toContain('TEMPORAL_PROFILE');
});

describe('a request that cannot be started', () => {
  let folder: string;
  beforeEach(() => (folder = temporaryFolder('cli-')));

  function start(content: string) {
    writeFileSync(join(folder, 'request.json'), content);
    return runCommandLineInProcess(['--json', 'start', 'request.json'], {
      workingDirectory: folder,
      environment: nowhere,
    });
  }

  test('is reported with all its faults at once, each with its JSON pointer', async () => {
    const request = attestedRequest({ customerId: 'contoso', attestation: { country: 'Germany' } });
    const run = await start(JSON.stringify({ ...request, color: 'red' }));

    expect(run.code).toBe(2);
    const { type, faults } = parseError(run) as { type: string; faults: { pointer: string }[] };
    expect(type).toBe('invalidRequest');
    expect(faults.map(({ pointer }) => pointer).toSorted()).toEqual(['/attestation/country', '/color', '/customerId']);
    expect(run.stderr).toContain('/attestation/country must be');
  });

  test('is not quoted if it is not JSON, because it holds personal data', async () => {
    const run = await start('{\n  "signatoryLastName": "Smith" "x"\n}');

    expect(run.code).toBe(2);
    expect(parseError(run)).toEqual({ type: 'invalidJson', message: 'The request is not valid JSON at line 2.' });
    expect(run.stderr).not.toContain('Smith');
  });

  test('is one of the primary contact method while that is switched off', async () => {
    const request = JSON.stringify(primaryContactRequest());

    expect(parseError(await start(request))).toMatchObject({
      faults: [{ pointer: '/agreement/primaryContact', detail: expect.stringContaining('retired') as string }],
    });
  });

  test('may be a file that does not exist', async () => {
    const run = await runCommandLineInProcess(['--json', 'start', 'absent.json'], { workingDirectory: folder });

    expect(run.code).toBe(2);
    expect(parseError(run)).toMatchObject({ type: 'fileUnreadable' });
  });
});
