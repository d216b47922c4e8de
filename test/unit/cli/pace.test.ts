import { setTimeout as pause } from 'node:timers/promises';
import { Pace } from '../../../src/cli/pace';

/** In milliseconds from the first call to the last turn. */
async function timeOf(turns: number, pace: Pace): Promise<number> {
  const start = performance.now();
  await Promise.all(Array.from({ length: turns }, () => pace.turn()));
  return performance.now() - start;
}

test('callers that come together are let through one by one', async () => {
  expect(await timeOf(6, new Pace(50))).toBeGreaterThanOrEqual(5 * 20 - 2); // a timer may be early by a rounding
});

test('time that was lost is not made up for by a burst', async () => {
  const pace = new Pace(50);
  await pace.turn();
  await pause(200); // ten turns long

  expect(await timeOf(4, pace)).toBeGreaterThanOrEqual(3 * 20 - 2);
});
