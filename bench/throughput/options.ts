import { flagOption, readOptions, textOption } from '../options';

export interface ThroughputOptions {
  /** Number of flows of each subject in each round, run first one after another and then concurrently. */
  readonly flows: number;
  readonly rounds: number;
  /** Concurrency of the flows that run at the same time. */
  readonly atOnce: number;
  /** Number of onboardings that wait for their customers while starts are measured again; 0 skips this. */
  readonly waiting: number;
  readonly json: boolean;
}

export const HELP = `Usage: npm run bench -- [options]

Compares the product with a bare workflow of the same shape (two calls, one signal, one deadline) on one Temporal server
and one simulated Partner Center that answers without delay. Prints the time of a start, the time from the acceptance to
the agreement, flows per second, and the ratios. The subjects alternate in every round, so that other load on the machine
affects all of them. Everything runs on this machine and is removed at the end.

  --flows N      flows of each subject in each round (default 50)
  --rounds N     number of rounds (default 3)
  --at-once N    number of flows that run concurrently (default 50)
  --waiting N    also measure starts and worker memory while N onboardings wait (default 0; 10000 takes ten minutes)
  --json         print the report as JSON
  --help         print this text`;

/** Undefined for `--help`. @throws Error that names every invalid option. */
export function readThroughputOptions(args: readonly string[]): ThroughputOptions | undefined {
  const known = {
    flows: textOption('50'),
    rounds: textOption('3'),
    'at-once': textOption('50'),
    waiting: textOption('0'),
    json: flagOption,
  };
  return readOptions(args, known, ({ number, flag }) => ({
    flows: number('flows', 1, 2_000),
    rounds: number('rounds', 1, 20),
    atOnce: number('at-once', 1, 200),
    waiting: number('waiting', 0, 20_000),
    json: flag('json'),
  }));
}
