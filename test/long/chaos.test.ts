/** The chaos run in its short form, as a program of its own, from the build. */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import type { ChaosReport } from '../../bench/chaos/report';

const PROGRAM = resolve(__dirname, '../../lib/bench/chaos/main.js');
const LONGEST_MS = 240_000; // the wait for the drain alone may take two minutes

const folders: string[] = [];
const programs: ChildProcessByStdio<null, Readable, Readable>[] = [];

afterAll(() => {
  for (const program of programs) program.kill('SIGKILL'); // ends what it started as well: its warden sees to that
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** Starts the run with a temporary folder of its own, so that nothing it leaves behind can hide. */
function start(...args: string[]) {
  if (!existsSync(PROGRAM)) throw new Error(`${PROGRAM} is missing. Run: npm run build`);
  const temporaryFolder = mkdtempSync(join(tmpdir(), 'chaos-test-'));
  folders.push(temporaryFolder);
  const { npm_lifecycle_event: _, ...environment } = process.env;
  const program = spawn(process.execPath, ['--enable-source-maps', PROGRAM, '--json', ...args], {
    env: { ...environment, TMPDIR: temporaryFolder, TEMPORAL_CLI_PATH: process.env['TEST_TEMPORAL_CLI'] },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  programs.push(program);
  const printed = { stdout: '', stderr: '' };
  program.stdout.on('data', (chunk: Buffer) => (printed.stdout += chunk.toString()));
  program.stderr.on('data', (chunk: Buffer) => (printed.stderr += chunk.toString()));
  const ended = once(program, 'close').then(([code]) => ({ code: code as number | null, ...printed }));
  const said = async (text: RegExp): Promise<RegExpMatchArray> => {
    for (;;) {
      const found = text.exec(printed.stderr);
      if (found) return found;
      const more = await Promise.race([once(program.stderr, 'data'), ended]);
      if (!Array.isArray(more) && !text.test(printed.stderr)) throw new Error(`Never said ${text}:\n${printed.stderr}`);
    }
  };
  return { program, ended, said, temporaryFolder };
}

describe.each(['worker', 'server'])('a short chaos run with --kill %s', (kill) => {
  let report: ChaosReport;
  let temporaryFolder: string;

  beforeAll(async () => {
    const run = start('--kill', kill, '--onboardings', '20', '--seconds', '8', '--kill-every', '2');
    ({ temporaryFolder } = run);
    const { stdout, stderr } = await run.ended;
    if (stdout === '') throw new Error(stderr);
    report = JSON.parse(stdout) as ChaosReport;
  }, LONGEST_MS);

  test('loses no acceptance, creates nothing twice and claims nothing wrong', () => {
    const { lost, createdTwice, wrongClaims, renamedRepeats, notSettled } = report.verdict;
    expect({ lost, createdTwice, wrongClaims, renamedRepeats, notSettled }).toEqual({
      lost: [],
      createdTwice: [],
      wrongClaims: [],
      renamedRepeats: [],
      notSettled: [],
    });
  });

  test('brings every deal to its agreement', () => {
    expect(report.verdict.agreements).toBe(20);
  });

  test('has hit every process that it was to hit', () => {
    const victims = kill === 'worker' ? ['worker-1', 'worker-2'] : ['gateway', 'temporal', 'worker-1', 'worker-2'];
    expect(Object.keys(report.kills).toSorted()).toEqual(victims);
  });

  test('leaves nothing behind', () => {
    expect(readdirSync(temporaryFolder)).toEqual([]);
  });
});

test(
  'Ctrl-C ends a run at once, with all its processes and its folder',
  async () => {
    const { program, ended, said, temporaryFolder } = start('--onboardings', '10', '--seconds', '300');
    const [, temporalUi] = await said(/Temporal UI: (\S+)/);
    await said(/10 deals/);
    expect((await fetch(temporalUi!)).status).toBe(200);

    program.kill('SIGINT');

    expect((await ended).code).toBe(130);
    expect(readdirSync(temporaryFolder)).toEqual([]);
    await expect(fetch(temporalUi!)).rejects.toThrow('fetch failed');
  },
  LONGEST_MS,
);
