import { once } from 'node:events';
import { createServer } from 'node:net';
import type * as Ports from '../../../../tools/test-bed/ports';

/** A fresh copy of the module, as another program would load it: without the ports that this program has reserved. */
function loadAnotherCopy(): typeof Ports {
  let copy: typeof Ports;
  jest.isolateModules(() => {
    copy = jest.requireActual<typeof Ports>('../../../../tools/test-bed/ports');
  });
  return copy!;
}

test('programs that reserve ports at the same time never get the same port', async () => {
  const programs = Array.from({ length: 5 }, loadAnotherCopy);
  const reserved = (await Promise.all(programs.map(({ reservePorts }) => reservePorts(20)))).flat();
  expect(new Set(reserved).size).toBe(100);
});

test('no port is in the ephemeral range of the system', async () => {
  const ports = await loadAnotherCopy().reservePorts(20);
  expect(Math.max(...ports)).toBeLessThan(32_768);
});

test('a port on which a process listens is skipped', async () => {
  const { reservePort } = loadAnotherCopy();
  const first = await reservePort();
  const holder = createServer().listen(first + 1, '127.0.0.1');
  await once(holder, 'listening');
  expect(await reservePort()).toBe(first + 2);
  holder.close();
});
