import { parseArgs } from 'node:util';

export interface ThroughputOptions {
  /** Flows of each contender in each round: so many one after the other, and so many at once. */
  readonly flows: number;
  readonly rounds: number;
  /** Flows under way at the same time. */
  readonly atOnce: number;
  /** Onboardings that wait for their customers while starts are measured again; 0 leaves that out. */
  readonly waiting: number;
  readonly json: boolean;
}

export const HELP = `Usage: npm run bench -- [options]

Compares on one Temporal server, in one run, a bare workflow of the same shape (two calls, one signal, one deadline) with
the product, through the simulated Partner Center at no delay: how long a start takes, how long it is from the acceptance
to the agreement, how many whole flows fit into a second, and the ratios. Contenders take turns, round by round, so that
whatever else the machine does hits all of them. Everything runs on this machine's loopback and is removed at the end.

  --flows N      flows of each contender in each round (default 50)
  --rounds N     (default 3)
  --at-once N    flows under way at the same time, where many are (default 50)
  --waiting N    beside that: starts and worker memory while so many onboardings wait (default 0; 10000 takes ten minutes)
  --json         print the report as JSON
  --help         this text`;

const text = (value: string) => ({ type: 'string', default: value }) as const;

/** Throws one error that names every option that is wrong; undefined when only help is wanted. */
export function readOptions(args: readonly string[]): ThroughputOptions | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      flows: text('50'),
      rounds: text('3'),
      'at-once': text('50'),
      waiting: text('0'),
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false, short: 'h' },
    },
  });
  if (values.help) return undefined;
  const faults: string[] = [];
  const whole = (name: 'flows' | 'rounds' | 'at-once' | 'waiting', from: number, to: number): number => {
    const value = Number(values[name]);
    if (!Number.isInteger(value) || value < from || value > to) {
      faults.push(`--${name} is "${values[name]}": give a whole number from ${from} to ${to}.`);
    }
    return value;
  };
  const options = {
    flows: whole('flows', 1, 2_000),
    rounds: whole('rounds', 1, 20),
    atOnce: whole('at-once', 1, 200),
    waiting: whole('waiting', 0, 20_000),
    json: values.json,
  };
  if (faults.length > 0) throw new Error(faults.join('\n'));
  return options;
}
