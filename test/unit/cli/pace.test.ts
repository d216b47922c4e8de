import { setTimeout as pause } from 'node:timers/promises';
import { Pace } from '../../../src/cli/pace';

async function turns(pace: Pace, number: number): Promise<number[]> {
  const times = await Promise.all(
    Array.from({ length: number }, async () => {
      await pace.turn();
      return performance.now();
    }),
  );
  return times.map((time) => time - times[0]!);
}

test('callers that come together are let through one by one', async () => {
  const times = await turns(new Pace(50), 6);

  expect(times.at(-1)).toBeGreaterThanOrEqual(5 * 20 - 2); // a timer may be early by a rounding
});

test('time that was lost is not made up for by a burst', async () => {
  const pace = new Pace(50);
  await pace.turn();
  await pause(200); // ten turns long
  const times = await turns(pace, 4);

  expect(times.at(-1)).toBeGreaterThanOrEqual(3 * 20 - 2);
});
