import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BuiltProcess, type Environment } from '../../support/built-process';
import { eventually } from '../../support/eventually';

function run(environment: Environment): BuiltProcess {
  return BuiltProcess.start('../simulator/main', environment);
}

afterEach(() => BuiltProcess.killAll());

describe('the simulator as a process', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    'prints one line of JSON when it is ready, and exits on %s',
    async (signal) => {
      const folder = await mkdtemp(join(tmpdir(), 'simulator-process-'));
      const stateFile = join(folder, 'state.json');
      const simulator = run({ SIMULATOR_PORT: '0', SIMULATOR_STATE_FILE: stateFile });
      await eventually(() => simulator.stdout.includes('\n'), { what: 'the simulator to be ready', timeoutMs: 40_000 });
      const { event, url, tenantId } = JSON.parse(simulator.stdout) as Record<string, string>;
      expect(event).toBe('simulatorReady');
      expect(tenantId).toEqual(expect.any(String));
      expect((await fetch(`${url}/healthz`)).status).toBe(200);

      const { code, stdout } = await simulator.kill(signal);
      expect(code).toBe(0);
      expect(stdout.trim().split('\n')).toHaveLength(1);
      expect(JSON.parse(await readFile(stateFile, 'utf8'))).toMatchObject({ version: 1 });
      await rm(folder, { recursive: true });
    },
  );

  it('prints which port is taken and how to choose another', async () => {
    const holder = createServer().listen(0, '127.0.0.1');
    await once(holder, 'listening');
    const { port } = holder.address() as AddressInfo;
    const { code, stderr } = await run({ SIMULATOR_PORT: String(port) }).ended;
    expect(code).toBe(1);
    expect(stderr).toContain(`Port ${port} on 127.0.0.1 is in use. Set SIMULATOR_PORT`);
    holder.close();
  });

  it('names every wrong variable of its environment', async () => {
    const { code, stderr } = await run({ SIMULATOR_PORT: 'http', SIMULATOR_CLIENT_ID: '' }).ended;
    expect(code).toBe(1);
    expect(stderr).toContain('SIMULATOR_PORT: "http" is not a port');
    expect(stderr).toContain('SIMULATOR_CLIENT_ID: is empty');
  });
});
