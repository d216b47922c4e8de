import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { Connection } from '@temporalio/client';
import { closeSafePlugin } from '../../../src/temporal/connection';
import { TestStack } from '../../support/test-stack';

test('calls that are being retried when their connection closes fail, and the process continues', async () => {
  const stack = await TestStack.start({ server: 'dev' });
  const [host, port] = stack.server.address.split(':');
  const sockets = new Set<Socket>();
  const line = createServer((near) => {
    const far = connect(Number(port), host);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
    }
    near.pipe(far).pipe(near);
  });
  await once(line.listen(0, '127.0.0.1'), 'listening');
  const uncaught: unknown[] = [];
  const note = (error: unknown) => uncaught.push(error);
  process.on('uncaughtException', note);
  try {
    const address = `127.0.0.1:${(line.address() as AddressInfo).port}`;
    const connection = await Connection.connect({ address, plugins: [closeSafePlugin] });
    line.close();
    for (const socket of sockets) socket.destroy();
    const calls = Array.from({ length: 5 }, () =>
      connection.workflowService.getSystemInfo({}).then(
        () => 'answered',
        (error: { code?: number }) => error.code,
      ),
    );
    await connection.close();
    const afterwards = connection.workflowService.getSystemInfo({}).then(
      () => 'answered',
      (error: { code?: number }) => error.code,
    );
    expect(new Set(await Promise.all([...calls, afterwards]))).toEqual(new Set([1]));
    expect(uncaught).toEqual([]);
  } finally {
    process.off('uncaughtException', note);
    await stack.close();
  }
}, 30_000);
