import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { resolveTestServer } from '../../../tools/binaries/test-server';
import { FakeMachine, RecordedProgress } from './fake-programs';

/** Fake programs: a Java that prints its arguments, and a Maven that downloads nothing. */
function machineWithJavaAndMaven(): FakeMachine {
  const machine = new FakeMachine();
  machine.program('java', 'echo "java $*"');
  machine.program(
    'mvn',
    'for argument; do case $argument in -DoutputDirectory=*) /bin/mkdir -p "${argument#*=}";; esac; done',
  );
  return machine;
}

function resolve(machine: FakeMachine, more: NodeJS.ProcessEnv = {}) {
  return resolveTestServer({ environment: { ...machine.environment, ...more }, progress: new RecordedProgress() });
}

describe('the time-skipping test server', () => {
  it('is the one that TEMPORAL_TEST_SERVER_PATH names, and no other when that is wrong', async () => {
    const machine = new FakeMachine();
    const given = machine.program('given', 'exit 0');
    machine.program('temporal-test-server', 'exit 0');

    await expect(resolve(machine, { TEMPORAL_TEST_SERVER_PATH: given })).resolves.toMatchObject({ path: given });
    await expect(resolve(machine, { TEMPORAL_TEST_SERVER_PATH: machine.folder })).rejects.toThrow(
      'which is not an executable file',
    );
  });

  it('is taken from PATH', async () => {
    const machine = new FakeMachine();
    const path = machine.program('temporal-test-server', 'exit 0');

    await expect(resolve(machine)).resolves.toMatchObject({ path, origin: 'PATH' });
  });

  it('is assembled once as a launcher that passes its arguments to Java, then found in the cache', async () => {
    const machine = machineWithJavaAndMaven();

    const assembled = await resolve(machine);
    expect(assembled).toMatchObject({ origin: 'assembled from pinned Maven artifacts', version: '1.38.0' });
    await expect(resolve(machine)).resolves.toEqual({ ...assembled, origin: 'cache' });

    const environment = { PATH: `${machine.environment['PATH']}:/usr/bin:/bin` };
    const printed = execFileSync(assembled.path, ['7777', '--enable-time-skipping'], {
      env: environment,
      encoding: 'utf8',
    });
    expect(printed).toContain('/lib/* io.temporal.testserver.TestServer 7777 --enable-time-skipping');
  });

  it('is not taken from the cache when Java is no longer installed', async () => {
    const machine = machineWithJavaAndMaven();
    await resolve(machine);
    rmSync(join(machine.folder, 'bin', 'java'));

    await expect(resolve(machine)).rejects.toThrow('no Java to run it');
  });

  it('says what to install and what was tried when no source has it', async () => {
    const failure = await resolve(new FakeMachine()).catch((error: Error) => error.message);

    expect(failure).toContain('install Java 17 or later and Maven');
    expect(failure).toContain('- Maven artifacts: no `mvn` on PATH');
  });
});
