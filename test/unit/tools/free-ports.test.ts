import { createServer, type Server } from 'node:net';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { requireFreePorts } from '../../../tools/local-stack/free-ports';

async function listen(): Promise<{ server: Server; number: number }> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, number: (server.address() as AddressInfo).port };
}

async function close(server: Server): Promise<void> {
  server.close();
  await once(server, 'close');
}

describe('the check of the ports', () => {
  it('names every port that is taken and the variable that moves it', async () => {
    const [one, other, free] = await Promise.all([listen(), listen(), listen()]);
    await close(free.server);

    const check = requireFreePorts([
      { usedBy: 'simulator', variable: 'SIMULATOR_PORT', number: one.number },
      { usedBy: 'Temporal server', variable: 'TEMPORAL_PORT', number: free.number },
      { usedBy: 'Temporal UI', variable: 'TEMPORAL_UI_PORT', number: other.number },
    ]);
    await expect(check).rejects.toThrow(
      `Port ${one.number} for the simulator is taken: set SIMULATOR_PORT to another one.\n` +
        `Port ${other.number} for the Temporal UI is taken: set TEMPORAL_UI_PORT to another one.`,
    );
    await Promise.all([close(one.server), close(other.server)]);
  });

  it('names two parts that want the same port', async () => {
    const { server, number } = await listen();
    await close(server);

    const check = requireFreePorts([
      { usedBy: 'simulator', variable: 'SIMULATOR_PORT', number },
      { usedBy: 'Temporal UI', variable: 'TEMPORAL_UI_PORT', number },
    ]);
    await expect(check).rejects.toThrow(
      `Port ${number} for the simulator is also TEMPORAL_UI_PORT: set SIMULATOR_PORT to another one.`,
    );
  });

  it('says nothing when all are free', async () => {
    const { server, number } = await listen();
    await close(server);

    await expect(
      requireFreePorts([{ usedBy: 'simulator', variable: 'SIMULATOR_PORT', number }]),
    ).resolves.toBeUndefined();
  });
});
