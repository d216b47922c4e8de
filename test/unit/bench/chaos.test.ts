import { readChaosOptions } from '../../../bench/chaos/options';
import { planKills } from '../../../bench/chaos/plan';
import { planDeals } from '../../../tools/test-bed/deals';

const readWith = (...args: string[]) => readChaosOptions(['--onboardings', '50', ...args])!;

const planWith = (...args: string[]) => {
  const options = readWith(...args);
  return { deals: planDeals(options), kills: planKills(options) };
};

test('the same seed gives the same deals and kills, and another seed gives different ones', () => {
  expect(planWith('--seed', '7')).toEqual(planWith('--seed', '7'));
  expect(planWith('--seed', '7')).not.toEqual(planWith('--seed', '8'));
});

test('--kill worker kills the workers, --kill server also Temporal and the gateway', () => {
  const killed = (...args: string[]) => new Set(planWith(...args).kills.map(({ process }) => process));
  expect(killed('--kill', 'worker')).toEqual(new Set(['worker-1', 'worker-2']));
  expect(killed('--kill', 'server')).toEqual(new Set(['worker-1', 'worker-2', 'temporal', 'gateway']));
  expect(killed('--kill', 'server', '--via', 'temporal')).not.toContain('gateway');
});

test('no customer accepts before the deal has started', () => {
  for (const { startsAtMs, acceptsAtMs } of planWith('--seconds', '1').deals) {
    expect(acceptsAtMs).toBeGreaterThan(startsAtMs);
  }
});

test('every invalid option is named in one error', () => {
  const read = () => readChaosOptions(['--onboardings', '0', '--kill', 'cat', '--rate-503', '0.9']);
  expect(read).toThrow(/--onboardings is "0".*\n.*--kill is "cat".*\n.*rates add up to 1\.10/);
});
