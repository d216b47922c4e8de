import { once } from 'node:events';
import { createServer } from 'node:net';
import type * as OwnPorts from '../../../bench/stack/own-ports';

/** As another program has it: with nothing remembered. */
function anotherCopy(): typeof OwnPorts {
  let copy: typeof OwnPorts;
  jest.isolateModules(() => {
    copy = jest.requireActual<typeof OwnPorts>('../../../bench/stack/own-ports');
  });
  return copy!;
}

test('programs that ask at the same time are never given the same port', async () => {
  const programs = Array.from({ length: 5 }, anotherCopy);
  const given = (await Promise.all(programs.map(({ ownPorts }) => ownPorts(20)))).flat();
  expect(new Set(given).size).toBe(100);
});

test('no port is one that the system gives by chance', async () => {
  const ports = await anotherCopy().ownPorts(20);
  expect(Math.max(...ports)).toBeLessThan(32_768);
});

test('a port that somebody listens on is passed over', async () => {
  const { ownPort } = anotherCopy();
  const first = await ownPort();
  const holder = createServer().listen(first + 1, '127.0.0.1');
  await once(holder, 'listening');
  expect(await ownPort()).toBe(first + 2);
  holder.close();
});
