import fc from 'fast-check';
import { getAccessRetryDelayMs, AGREEMENT_TRY_DELAYS_MS } from '../../../src/workflows/calls';

const MINUTE = 60_000;

test('a run without access tries again after 15 minutes, doubling to 6 hours', () => {
  const middle = () => 0.5;
  const delays = [0, 1, 2, 3, 4, 5, 6, 50].map((retries) => getAccessRetryDelayMs(retries, middle) / MINUTE);
  expect(delays).toEqual([15, 30, 60, 120, 240, 360, 360, 360]);
});

test('the delay varies by a fifth either way, so that many runs do not retry at once', () => {
  fc.assert(
    fc.property(fc.nat(1000), fc.double({ min: 0, max: 0.999_999, noNaN: true }), (retries, random) => {
      const ratio = getAccessRetryDelayMs(retries, () => random) / getAccessRetryDelayMs(retries, () => 0.5);
      expect(ratio).toBeGreaterThan(0.799);
      expect(ratio).toBeLessThan(1.201);
    }),
  );
});

test('a refused acceptance is tried five times in a minute', () => {
  expect(AGREEMENT_TRY_DELAYS_MS).toHaveLength(5);
  expect(AGREEMENT_TRY_DELAYS_MS.reduce((sum, delay) => sum + delay, 0)).toBe(MINUTE);
});
