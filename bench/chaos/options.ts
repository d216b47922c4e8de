import { parseArgs } from 'node:util';
import type { FaultRates } from '../stack/simulator';

export const KILL_MODES = ['worker', 'server'] as const;
export const DOORS = ['gateway', 'temporal'] as const;

export interface ChaosOptions {
  readonly onboardings: number;
  /** How long faults and kills go on. */
  readonly seconds: number;
  readonly seed: number;
  readonly kill: (typeof KILL_MODES)[number];
  readonly killEverySeconds: number;
  /** By which way deals are started and acceptances reported. */
  readonly door: (typeof DOORS)[number];
  readonly rates: FaultRates;
  /** Keeps logs and databases. */
  readonly keep: boolean;
  readonly json: boolean;
}

export const HELP = `Usage: npm run chaos -- [options]

Runs the whole product on this machine's loopback in real processes, kills some of them with -9 again and again while
the simulated Partner Center throttles, fails, hangs up and loses answers, and then counts: every acceptance that was
acknowledged must have ended as exactly one agreement, or stand in front of an operator with its reason. Ends by itself,
removes what it has made, also on Ctrl-C; exit code 1 when the promise was broken or it took longer than 60 s to drain.

  --onboardings N         how many deals (default 500)
  --seconds N             how long faults and kills go on (default 40)
  --seed N                order, moments, victims and faults (default 1)
  --kill worker|server    server: Temporal's server and the gateway as well (default worker)
  --kill-every N          seconds between two kills, on average (default 4)
  --door gateway|temporal how the CRM comes in: over HTTP, or with the Temporal client (default gateway)
  --rate-429 N            share of calls to Partner Center that are throttled (default 0.05)
  --rate-503 N            … that find it unavailable (default 0.05)
  --rate-reset N          … whose connection is reset before anything happened (default 0.05)
  --rate-lost-answer N    … that are carried out and whose answer is lost (default 0.1)
  --keep                  keep the folder with logs and databases, and say where it is
  --json                  print the report as JSON
  --help                  this text`;

const text = (value: string) => ({ type: 'string', default: value }) as const;
const flag = { type: 'boolean', default: false } as const;

/** Throws one error that names every option that is wrong; undefined when only help is wanted. */
export function readOptions(args: readonly string[]): ChaosOptions | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      onboardings: text('500'),
      seconds: text('40'),
      seed: text('1'),
      kill: text('worker'),
      'kill-every': text('4'),
      door: text('gateway'),
      'rate-429': text('0.05'),
      'rate-503': text('0.05'),
      'rate-reset': text('0.05'),
      'rate-lost-answer': text('0.1'),
      keep: flag,
      json: flag,
      help: { ...flag, short: 'h' },
    },
  });
  if (values.help) return undefined;

  const faults: string[] = [];
  const number = (name: keyof typeof values, from: number, to: number, whole = true): number => {
    const value = Number(values[name]);
    const fits = value >= from && value <= to && (!whole || Number.isInteger(value));
    if (!fits)
      faults.push(`--${name} is "${values[name]}": give ${whole ? 'a whole' : 'a'} number from ${from} to ${to}.`);
    return value;
  };
  const oneOf = <T extends string>(name: keyof typeof values, choices: readonly T[]): T => {
    const chosen = choices.find((choice) => choice === values[name]);
    if (chosen === undefined) faults.push(`--${name} is "${values[name]}": give ${choices.join(' or ')}.`);
    return chosen ?? choices[0]!;
  };
  const options: ChaosOptions = {
    onboardings: number('onboardings', 1, 5_000),
    seconds: number('seconds', 1, 600),
    seed: number('seed', 0, 2 ** 31 - 1),
    kill: oneOf('kill', KILL_MODES),
    killEverySeconds: number('kill-every', 0.5, 600, false),
    door: oneOf('door', DOORS),
    rates: {
      throttled: number('rate-429', 0, 1, false),
      unavailable: number('rate-503', 0, 1, false),
      reset: number('rate-reset', 0, 1, false),
      lostAnswer: number('rate-lost-answer', 0, 1, false),
    },
    keep: values.keep,
    json: values.json,
  };
  const sum = Object.values(options.rates).reduce((total, rate) => total + rate, 0);
  if (sum > 0.9) faults.push(`The rates add up to ${sum.toFixed(2)}: leave at least 0.1 for calls that succeed.`);
  if (faults.length > 0) throw new Error(faults.join('\n'));
  return options;
}
