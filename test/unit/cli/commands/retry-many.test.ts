import { setTimeout as pause } from 'node:timers/promises';
import { RateLimiter } from '../../../../src/cli/commands/retry-many';

/** The milliseconds that so many calls take. */
async function measureCalls(calls: number, limiter: RateLimiter): Promise<number> {
  const start = performance.now();
  await Promise.all(Array.from({ length: calls }, () => limiter.wait()));
  return performance.now() - start;
}

test('concurrent callers are let through one by one', async () => {
  expect(await measureCalls(6, new RateLimiter(50))).toBeGreaterThanOrEqual(5 * 20 - 2); // a timer may fire early because of rounding
});

test('unused time does not add up to a burst', async () => {
  const limiter = new RateLimiter(50);
  await limiter.wait();
  await pause(200); // long enough for ten calls

  expect(await measureCalls(4, limiter)).toBeGreaterThanOrEqual(3 * 20 - 2);
});
