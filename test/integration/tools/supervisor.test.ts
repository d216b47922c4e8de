import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Service, Step } from '../../../tools/local-stack/parts';
import { ORPHAN_REAPER_SCRIPT } from '../../../tools/local-stack/shutdown';
import { PartFailure, Supervisor, type SupervisorOptions } from '../../../tools/local-stack/supervisor';
import { temporaryFolder } from '../../support/temporary-folder';

let folder: string;
let supervisor: Supervisor;

beforeEach(() => (folder = temporaryFolder('onboarding-stack-')));
afterEach(() => supervisor.stop());

function supervise(options: Partial<SupervisorOptions> = {}): Supervisor {
  return (supervisor = new Supervisor({ logFolder: join(folder, 'logs'), ...options }));
}

const file = (name: string) => join(folder, name);
const read = (name: string) => (existsSync(file(name)) ? readFileSync(file(name), 'utf8') : '');
const readPid = (name: string) => Number(read(`${name}.pid`));

/** A real process that writes its pid when it has started, and appends its name to `ended` on SIGTERM. */
function service(name: string, script = ''): Service {
  const program = `
    const { writeFileSync, appendFileSync } = require('node:fs');
    process.on('SIGTERM', () => { appendFileSync(${JSON.stringify(file('ended'))}, '${name} '); process.exit(0); });
    ${script}
    setInterval(() => {}, 1000);
    writeFileSync(${JSON.stringify(file(`${name}.pid`))}, String(process.pid));`;
  return {
    kind: 'service',
    name,
    command: process.execPath,
    args: ['-e', program],
    environment: process.env,
    timeoutMs: 20_000,
    isReady: async () => read(`${name}.pid`) !== '',
  };
}

function step(script: string): Step {
  const { name, command, environment, timeoutMs } = service('step');
  return { kind: 'step', name, command, args: ['-e', script], environment, timeoutMs };
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function waitUntil(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 20));
}

describe('the supervisor', () => {
  it('waits until a service is ready and a step has succeeded', async () => {
    supervise();
    await supervisor.start(service('one'));
    expect(isAlive(readPid('one'))).toBe(true);

    await supervisor.start(step(`require('node:fs').writeFileSync(${JSON.stringify(file('done'))}, 'yes')`));
    expect(read('done')).toBe('yes');
  });

  it('stops the parts in reverse order and leaves no process behind', async () => {
    supervise();
    for (const name of ['one', 'two', 'three']) await supervisor.start(service(name));
    const pids = ['one', 'two', 'three'].map(readPid);

    await supervisor.stop();
    expect(read('ended')).toBe('three two one ');
    expect(pids.filter(isAlive)).toEqual([]);
  });

  it('kills a part that does not end in time, together with its child processes', async () => {
    supervise({ graceMs: 200 });
    const stubborn = `
      process.removeAllListeners('SIGTERM'); process.on('SIGTERM', () => {});
      const child = require('node:child_process').spawn('/bin/sh', ['-c', 'trap "" TERM; while :; do /bin/sleep 1; done']);
      writeFileSync(${JSON.stringify(file('grandchild.pid'))}, String(child.pid));`;
    await supervisor.start(service('stubborn', stubborn));

    await supervisor.stop();
    expect(isAlive(readPid('stubborn'))).toBe(false);
    await waitUntil(() => !isAlive(readPid('grandchild')));
  });

  it('reports a service that ends after it was ready, with its last lines', async () => {
    supervise();
    await supervisor.start(
      service('fragile', "console.error('the disk is full'); process.on('SIGUSR2', () => process.exit(7));"),
    );
    process.kill(readPid('fragile'), 'SIGUSR2');

    const failure = await supervisor.failure;
    expect(failure).toBeInstanceOf(PartFailure);
    expect(failure.message).toBe(
      `fragile ended with exit code 7. The end of ${file('logs/fragile.log')}:\n  the disk is full`,
    );
  });

  it('stops every part and still shows the last log lines when its folder was deleted', async () => {
    supervise();
    await supervisor.start(
      service('fragile', "console.error('the disk is full'); process.on('SIGUSR2', () => process.exit(7));"),
    );
    const pid = readPid('fragile');
    rmSync(folder, { recursive: true });
    process.kill(pid, 'SIGUSR2');

    expect((await supervisor.failure).message).toContain('the disk is full');
    await supervisor.stop();
    expect(isAlive(pid)).toBe(false);
  });

  it('fails at once when a service ends before it is ready', async () => {
    supervise();
    const broken = service('broken', "console.log('no such table'); process.exit(3);");

    await expect(supervisor.start(broken)).rejects.toThrow(
      /^broken ended with exit code 3 before it was ready.*\n {2}no such table$/,
    );
  });

  it('stops waiting for a part when another part that it depends on ends', async () => {
    supervise();
    await supervisor.start(service('ground', "process.on('SIGUSR2', () => process.exit(5));"));
    const waiting = supervisor.start({ ...service('upper'), isReady: async () => false });
    process.kill(readPid('ground'), 'SIGUSR2');

    await expect(waiting).rejects.toThrow('ground ended with exit code 5');
  });

  it('fails when a service is not ready in time', async () => {
    supervise();
    const slow: Service = { ...service('slow'), timeoutMs: 300, isReady: () => new Promise(() => undefined) };

    await expect(supervisor.start(slow)).rejects.toThrow('slow was not ready after 0.3 s');
  });

  it('fails when a step fails or its program is missing', async () => {
    supervise();
    await expect(supervisor.start(step('process.exit(2)'))).rejects.toThrow('step ended with exit code 2');
    await expect(supervisor.start({ ...step(''), command: '/nowhere/program' })).rejects.toThrow(
      'step could not start: spawn /nowhere/program ENOENT',
    );
  });

  it('cancels a start in progress when it is stopped', async () => {
    supervise();
    const starting = supervisor.start({ ...service('endless'), isReady: async () => false });
    const stopped = supervisor.stop();

    await expect(starting).rejects.toMatchObject({ name: 'AbortError' });
    await stopped;
    await expect(supervisor.start(service('late'))).rejects.toMatchObject({ name: 'AbortError' });
    expect(existsSync(file('late.pid'))).toBe(false);
  });

  it('forwards what the parts log, line by line', async () => {
    const lines: string[] = [];
    supervise({ onLogLine: (part, line) => lines.push(`${part}: ${line}`) });
    await supervisor.start(service('chatty', "console.log('first'); console.error('second');"));
    await supervisor.stop();

    expect(lines).toEqual(['chatty: first', 'chatty: second']);
  });
});

describe('the orphan reaper', () => {
  it('ends the listed processes when the supervisor has died', async () => {
    supervise();
    await supervisor.start(service('orphan'));
    const reaper = spawn('/bin/sh', ['-c', ORPHAN_REAPER_SCRIPT], { stdio: ['pipe', 'ignore', 'ignore'] });
    reaper.stdin.write('\n');
    reaper.stdin.end(`${readPid('orphan')}\n`);

    await waitUntil(() => !isAlive(readPid('orphan')));
    expect(read('ended')).toBe('orphan ');
  });
});
