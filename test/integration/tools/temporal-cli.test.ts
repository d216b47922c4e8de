import { mkdirSync, readdirSync, readFileSync, utimesSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { withProgress } from '../../../tools/binaries/command';
import { resolveTemporalCli } from '../../../tools/binaries/temporal-cli';
import { FakeMachine, RecordedProgress, writeProgram } from './fake-programs';

const PRINTS_1_9_1 = 'echo temporal version 1.9.1';

/** Replaces Go: lists two packages, writes the file that -o names, and adds a line for each build to `builds`. */
function installGo(machine: FakeMachine): string {
  const builds = join(machine.folder, 'builds');
  machine.program(
    'go',
    `[ "$1" = list ] && { echo 'go: downloading example.com/one v1.0.0'; echo one; echo two; exit; }
    echo build >> ${builds}
    echo one; echo two
    while [ "$1" != -o ]; do shift; done
    printf '#!/bin/sh\\n${PRINTS_1_9_1}\\n' > "$2"
    /bin/chmod 755 "$2"`,
  );
  return builds;
}

function resolve(machine: FakeMachine, more: NodeJS.ProcessEnv = {}, progress = new RecordedProgress()) {
  return resolveTemporalCli({ environment: { ...machine.environment, ...more }, progress });
}

describe('the progress', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it.each([
    { isTTY: true, shown: 'Building\r\u001B[KBuilding: 5 of 9 packages compiled, 1 s' },
    { isTTY: false, shown: 'Building\n' },
  ])('shows the detail reported every second on a terminal, less often elsewhere: $isTTY', async ({ isTTY, shown }) => {
    const progress = Object.assign(new RecordedProgress(), { isTTY });
    let finish = () => {};
    const working = withProgress(progress, 'Building', async (report) => {
      report('5 of 9 packages compiled');
      await new Promise<void>((settle) => (finish = settle));
    });

    jest.advanceTimersByTime(1_000);
    expect(progress.text).toBe(shown);
    jest.advanceTimersByTime(19_000);
    expect(progress.text).toContain('Building: 5 of 9 packages compiled, 20 s');
    finish();
    await working;
  });
});

describe('the Temporal CLI', () => {
  it('is the one that TEMPORAL_CLI_PATH names, if that is set', async () => {
    const machine = new FakeMachine();
    machine.program('temporal', PRINTS_1_9_1);
    const given = writeProgram(join(machine.folder, 'given'), 'echo "temporal version 1.20.3 (Server 1.40.0)"');

    await expect(resolve(machine, { TEMPORAL_CLI_PATH: given })).resolves.toEqual({
      path: given,
      origin: 'TEMPORAL_CLI_PATH',
      version: '1.20.3',
    });
  });

  it('is not taken from another source when TEMPORAL_CLI_PATH is wrong', async () => {
    const machine = new FakeMachine();
    machine.program('temporal', PRINTS_1_9_1);

    await expect(resolve(machine, { TEMPORAL_CLI_PATH: '/nowhere/temporal' })).rejects.toThrow(
      'TEMPORAL_CLI_PATH is "/nowhere/temporal", which is not an executable file: correct the path or unset the variable.',
    );
  });

  it('refuses a TEMPORAL_CLI_PATH that names some other program', async () => {
    const machine = new FakeMachine();
    const other = machine.program('other', 'echo "other 2.0"');

    await expect(resolve(machine, { TEMPORAL_CLI_PATH: other })).rejects.toThrow('this is not the Temporal CLI');
  });

  it.each(['1.9.1', '1.9.2', '1.10.0'])('is taken from PATH in version %s', async (version) => {
    const machine = new FakeMachine();
    const path = machine.program('temporal', `echo "temporal version ${version} (Server 1.32.0)"`);

    await expect(resolve(machine)).resolves.toEqual({ path, origin: 'PATH', version });
  });

  it.each(['1.9.0', '0.13.2', '2.0.0'])('is not taken from PATH in version %s', async (version) => {
    const machine = new FakeMachine();
    machine.program('temporal', `echo "temporal version ${version} (Server 1.2.0)"`);

    await expect(resolve(machine)).rejects.toThrow(`is ${version}, but 1.9.1 or a later 1.x is needed`);
  });

  it('is built once, then found in the cache', async () => {
    const machine = new FakeMachine();
    const builds = installGo(machine);
    const progress = new RecordedProgress();

    const built = await resolve(machine, {}, progress);
    expect(built).toMatchObject({ origin: 'built from pinned modules', version: '1.9.1' });
    expect(progress.text).toContain('Building the Temporal CLI, once for this user');

    await expect(resolve(machine)).resolves.toEqual({ ...built, origin: 'cache' });
    expect(readFileSync(builds, 'utf8')).toBe('build\n');
  });

  it('keeps settings of the Go compiler from the environment', async () => {
    const machine = new FakeMachine();
    machine.program('go', '[ "$1" = list ] || { echo "GOGC=$GOGC GOMEMLIMIT=$GOMEMLIMIT"; exit 1; }');

    await expect(resolve(machine, { GOGC: '50' })).rejects.toThrow(/GOGC=50 GOMEMLIMIT=$/m);
  });

  it('is built once when two callers request it at the same time', async () => {
    const machine = new FakeMachine();
    const builds = installGo(machine);

    const [one, other] = await Promise.all([resolve(machine), resolve(machine)]);
    expect(one.path).toBe(other.path);
    expect(readFileSync(builds, 'utf8')).toBe('build\n');
    expect(readdirSync(dirname(dirname(one.path)))).toEqual(['temporal-cli-1.9.1']);
  });

  it('is built again when the cached one no longer runs', async () => {
    const machine = new FakeMachine();
    const builds = installGo(machine);
    const cached = join(machine.folder, 'cache', 'agreement-onboarding', 'temporal-cli-1.9.1');
    mkdirSync(cached, { recursive: true });
    writeProgram(join(cached, 'temporal'), 'exit 1');

    await expect(resolve(machine)).resolves.toMatchObject({ origin: 'built from pinned modules' });
    expect(readFileSync(builds, 'utf8')).toBe('build\n');
  });

  it('is built even if a process that was building it has died and left its lock', async () => {
    const machine = new FakeMachine();
    installGo(machine);
    const cache = join(machine.folder, 'cache', 'agreement-onboarding');
    mkdirSync(join(cache, 'temporal-cli-1.9.1.unfinished'), { recursive: true });
    const lock = join(cache, 'temporal-cli-1.9.1.building');
    mkdirSync(lock);
    utimesSync(lock, 0, Date.now() / 1000 - 60); // not refreshed for a minute

    await expect(resolve(machine)).resolves.toMatchObject({ origin: 'built from pinned modules' });
    expect(readdirSync(cache)).toEqual(['temporal-cli-1.9.1']);
  });

  it('leaves nothing in the cache when the build fails, and reports the output of the compiler', async () => {
    const machine = new FakeMachine();
    machine.program('go', 'echo "go.mod requires go >= 1.26.8 (running go 1.24.0)" >&2; exit 1');

    await expect(resolve(machine)).rejects.toThrow('go.mod requires go >= 1.26.8 (running go 1.24.0)');
    expect(readdirSync(join(machine.folder, 'cache', 'agreement-onboarding'))).toEqual([]);
  });

  it('says what to install and what was tried when no source has it', async () => {
    const machine = new FakeMachine();
    const failure = await resolve(machine).catch((error: Error) => error.message);

    expect(failure).toContain('install Go 1.26.8 or later');
    expect(failure).toContain('set TEMPORAL_CLI_PATH');
    expect(failure).toContain('- PATH: no `temporal` on PATH');
    expect(failure).toContain('- SDK download: switched off by TEMPORAL_SDK_DOWNLOAD');
    expect(failure).toContain('- build with Go: no `go` on PATH');
  });
});
