import type { FaultRates } from '../../tools/test-bed/simulator-client';
import { flagOption, readOptions, textOption } from '../options';

export interface ChaosOptions {
  readonly onboardings: number;
  /** Duration of faults and kills. */
  readonly seconds: number;
  readonly seed: number;
  readonly kill: 'worker' | 'server';
  /** On average. */
  readonly killEverySeconds: number;
  /** How deals are started and acceptances reported. */
  readonly via: 'gateway' | 'temporal';
  readonly rates: FaultRates;
  /** Keeps logs and databases. */
  readonly keep: boolean;
  readonly json: boolean;
}

export const HELP = `Usage: npm run chaos -- [options]

Runs the whole product on this machine in real processes and repeatedly kills some of them with -9, while the simulated
Partner Center throttles calls, fails, resets connections and loses answers. Then checks that every acknowledged
acceptance has led to exactly one agreement or needs attention with a reason. Removes everything it created at the end,
even after Ctrl-C. Exit code 1: the check failed, or draining took longer than 60 s.

  --onboardings N         number of deals (default 500)
  --seconds N             duration of faults and kills (default 40)
  --seed N                determines order, times, killed processes and faults (default 1)
  --kill worker|server    server: also Temporal's server and the gateway (default worker)
  --kill-every N          average seconds between two kills (default 4)
  --via gateway|temporal  how the CRM calls: over HTTP, or with the Temporal client (default gateway)
  --rate-429 N            share of calls to Partner Center that are throttled (429, default 0.05)
  --rate-503 N            share of calls that are answered with 503 (default 0.05)
  --rate-reset N          share of calls whose connection is reset before they are carried out (default 0.05)
  --rate-lost-answer N    share of calls that are carried out but whose answer is lost (default 0.1)
  --keep                  keep the folder with logs and databases, and print its path
  --json                  print the report as JSON
  --help                  print this text`;

/** Undefined for `--help`. @throws Error that names every invalid option. */
export function readChaosOptions(args: readonly string[]): ChaosOptions | undefined {
  const known = {
    onboardings: textOption('500'),
    seconds: textOption('40'),
    seed: textOption('1'),
    kill: textOption('worker'),
    'kill-every': textOption('4'),
    via: textOption('gateway'),
    'rate-429': textOption('0.05'),
    'rate-503': textOption('0.05'),
    'rate-reset': textOption('0.05'),
    'rate-lost-answer': textOption('0.1'),
    keep: flagOption,
    json: flagOption,
  };
  return readOptions(args, known, ({ number, choice, flag, reject }): ChaosOptions => {
    const options = {
      onboardings: number('onboardings', 1, 5_000),
      seconds: number('seconds', 1, 600),
      seed: number('seed', 0, 2 ** 31 - 1),
      kill: choice('kill', ['worker', 'server']),
      killEverySeconds: number('kill-every', 0.5, 600, 'any'),
      via: choice('via', ['gateway', 'temporal']),
      rates: {
        throttled: number('rate-429', 0, 1, 'any'),
        unavailable: number('rate-503', 0, 1, 'any'),
        reset: number('rate-reset', 0, 1, 'any'),
        lostAnswer: number('rate-lost-answer', 0, 1, 'any'),
      },
      keep: flag('keep'),
      json: flag('json'),
    };
    const sum = Object.values(options.rates).reduce((total, rate) => total + rate, 0);
    if (sum > 0.9) reject(`The rates add up to ${sum.toFixed(2)}: leave at least 0.1 for calls that succeed.`);
    return options;
  });
}
