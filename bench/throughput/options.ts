import { flagOption, readOptions, textOption } from '../options';

export interface ThroughputOptions {
  /** Flows of each subject in each round: so many one after another, and so many at once. */
  readonly flows: number;
  readonly rounds: number;
  /** Concurrent flows where many run at once. */
  readonly atOnce: number;
  /** Onboardings that wait for their customers while starts are measured again; 0 skips that. */
  readonly waiting: number;
  readonly json: boolean;
}

export const HELP = `Usage: npm run bench -- [options]

Compares the product with a bare workflow of the same shape (two calls, one signal, one deadline) on one Temporal server
and one simulated Partner Center that answers without delay. Prints the time of a start, the time from the acceptance to
the agreement, flows per second, and the ratios. The subjects take turns, round by round, so that other load on the
machine affects all of them. Everything runs on this machine and is removed at the end.

  --flows N      flows of each subject in each round (default 50)
  --rounds N     number of rounds (default 3)
  --at-once N    concurrent flows, where many run at once (default 50)
  --waiting N    also measure starts and worker memory while so many onboardings wait (default 0; 10000 takes ten minutes)
  --json         print the report as JSON
  --help         print this text`;

/** Undefined when only help is wanted. @throws Error that names every wrong option. */
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
