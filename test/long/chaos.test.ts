/** A short chaos run, as the built program. */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import type { ConsistencyReport } from '../../tools/test-bed/consistency-check';

const PROGRAM = resolve(__dirname, '../../lib/bench/chaos/main.js');
const LONGEST_MS = 240_000; // the wait for the drain alone may take two minutes

/** The part of the printed report that is checked here. */
interface ChaosReport {
  check: ConsistencyReport;
  kills: Record<string, number>;
}

const folders: string[] = [];
const programs: ChildProcessByStdio<null, Readable, Readable>[] = [];

afterAll(() => {
  for (const program of programs) program.kill('SIGKILL'); // what it started is ended by its orphan reaper
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** Starts the run with its own temporary folder, in which anything left behind is found. */
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
  const waitForLine = async (text: RegExp): Promise<RegExpMatchArray> => {
    for (;;) {
      const found = text.exec(printed.stderr);
      if (found) return found;
      const more = await Promise.race([once(program.stderr, 'data'), ended]);
      if (!Array.isArray(more) && !text.test(printed.stderr))
        throw new Error(`Never printed ${text}:\n${printed.stderr}`);
    }
  };
  return { program, ended, waitForLine, temporaryFolder };
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

  test('loses no acceptance, creates nothing twice and reports no wrong outcome', () => {
    expect(report.check).toMatchObject({
      lost: [],
      createdTwice: [],
      wrongOutcomes: [],
      newRequestIds: [],
      notSettled: [],
    });
  });

  test('brings every deal to its agreement', () => {
    expect(report.check.agreements).toBe(20);
  });

  test('has killed every process that the option names', () => {
    const processes = kill === 'worker' ? ['worker-1', 'worker-2'] : ['gateway', 'temporal', 'worker-1', 'worker-2'];
    expect(Object.keys(report.kills).toSorted()).toEqual(processes);
  });

  test('leaves nothing behind', () => {
    expect(readdirSync(temporaryFolder)).toEqual([]);
  });
});

test(
  'Ctrl-C ends a run at once and removes its processes and its folder',
  async () => {
    const { program, ended, waitForLine, temporaryFolder } = start('--onboardings', '10', '--seconds', '300');
    const [, temporalUi] = await waitForLine(/Temporal UI: (\S+)/);
    await waitForLine(/10 deals/);
    expect((await fetch(temporalUi!)).status).toBe(200);

    program.kill('SIGINT');

    expect((await ended).code).toBe(130);
    expect(readdirSync(temporaryFolder)).toEqual([]);
    await expect(fetch(temporalUi!)).rejects.toThrow('fetch failed');
  },
  LONGEST_MS,
);
