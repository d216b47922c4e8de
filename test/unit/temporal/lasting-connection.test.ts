import { type AddressInfo, createServer, type Socket } from 'node:net';
import { openConnection } from '../../../src/temporal/lasting-connection';
import { TestWorkflowEnvironment } from '@temporalio/testing';

test('a call that is being repeated when its connection closes fails, and the process lives on', async () => {
  const env = await TestWorkflowEnvironment.createLocal({
    server: { executable: { type: 'existing-path', path: process.env['TEST_TEMPORAL_CLI']! } },
  });
  const [host, port] = env.address.split(':');
  const sockets = new Set<Socket>();
  const { connect } = await import('node:net');
  const line = createServer((near) => {
    const far = connect(Number(port), host);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
    }
    near.pipe(far).pipe(near);
  });
  await new Promise<void>((resolve) => line.listen(0, '127.0.0.1', resolve));
  const uncaught: unknown[] = [];
  const note = (error: unknown) => uncaught.push(error);
  process.on('uncaughtException', note);
  try {
    const connection = await openConnection({ address: `127.0.0.1:${(line.address() as AddressInfo).port}` });
    line.close();
    for (const socket of sockets) socket.destroy();
    const call = connection.workflowService.getSystemInfo({}).then(
      () => 'answered',
      () => 'failed',
    );
    await new Promise((resolve) => setTimeout(resolve, 300)); // several pauses of the SDK begin in that time
    await connection.close();
    await expect(call).resolves.toBe('failed');
    expect(uncaught).toEqual([]);
  } finally {
    process.off('uncaughtException', note);
    await env.teardown();
  }
}, 30_000);
