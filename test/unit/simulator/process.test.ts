import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(__dirname, '../../..');
const started: ChildProcess[] = [];

function run(environment: Record<string, string>) {
  const hook = join(root, 'test/support/register-typescript.cjs');
  const child = spawn(process.execPath, ['-r', hook, join(root, 'simulator/main.ts')], {
    env: { PATH: process.env['PATH'] ?? '', ...environment },
  });
  started.push(child);
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (output.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output.stderr += chunk.toString()));
  const ended = once(child, 'close').then(([code]) => code as number);
  return { child, output, ended };
}

afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
});

describe('the simulator as a process', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    'prints one line of JSON when it is ready, and exits on %s',
    async (signal) => {
      const folder = await mkdtemp(join(tmpdir(), 'simulator-process-'));
      const stateFile = join(folder, 'state.json');
      const { child, output, ended } = run({ SIMULATOR_PORT: '0', SIMULATOR_STATE_FILE: stateFile });
      await once(child.stdout, 'data');
      const { event, url, tenantId } = JSON.parse(output.stdout) as Record<string, string>;
      expect(event).toBe('simulatorReady');
      expect(tenantId).toEqual(expect.any(String));
      expect((await fetch(`${url}/healthz`)).status).toBe(200);

      child.kill(signal);
      expect(await ended).toBe(0);
      expect(output.stdout.trim().split('\n')).toHaveLength(1);
      expect(JSON.parse(await readFile(stateFile, 'utf8'))).toMatchObject({ version: 1 });
      await rm(folder, { recursive: true });
    },
  );

  it('prints which port is taken and how to choose another', async () => {
    const holder = createServer().listen(0, '127.0.0.1');
    await once(holder, 'listening');
    const { port } = holder.address() as AddressInfo;
    const { output, ended } = run({ SIMULATOR_PORT: String(port) });
    expect(await ended).toBe(1);
    expect(output.stderr).toContain(`Port ${port} of 127.0.0.1 is taken. Set SIMULATOR_PORT`);
    holder.close();
  });

  it('names every wrong variable of its environment', async () => {
    const { output, ended } = run({ SIMULATOR_PORT: 'http', SIMULATOR_CLIENT_ID: '' });
    expect(await ended).toBe(1);
    expect(output.stderr).toContain('SIMULATOR_PORT: "http" is no port');
    expect(output.stderr).toContain('SIMULATOR_CLIENT_ID: is empty');
  });
});
