/** Faults by chance that come out the same for the same seed. */
import { z } from 'zod';
import type { Fault } from './fault';
import { OPERATIONS, type Operation } from './operation';

const rate = z.number().min(0).max(1).default(0);

const operationRatesSchema = z
  .strictObject({
    status400: rate,
    status401: rate,
    status403: rate,
    status404: rate,
    status408: rate,
    status429: rate,
    status500: rate,
    status502: rate,
    status503: rate,
    status504: rate,
    hang: rate,
    reset: rate,
    loseAnswer: rate,
    loseAnswerHang: rate,
    truncate: rate,
    /** Every call of the operation waits this long: from, to. */
    delayMs: z
      .tuple([z.number().min(0), z.number().min(0)])
      .refine(([from, to]) => from <= to, { error: 'the first number must not exceed the second' })
      .optional(),
  })
  .refine((rates) => total(rates) <= 1, {
    error: 'the rates of one operation must not add up to more than 1',
  });

function total(rates: object): number {
  return Object.values(rates).reduce((sum: number, each) => sum + (typeof each === 'number' ? each : 0), 0);
}

export const ratesSchema = z.partialRecord(z.enum(OPERATIONS), operationRatesSchema);

type Rates = z.infer<typeof ratesSchema>;

export class RandomFaults {
  readonly #seed: number;
  readonly #rates: Rates;
  readonly #streams = new Map<Operation, () => number>();

  constructor(seed: number, rates: Rates) {
    this.#seed = seed;
    this.#rates = rates;
  }

  /** The n-th call of an operation meets the same fate in every run of a seed, whatever other operations do between. */
  next(operation: Operation): Fault | undefined {
    const rates = this.#rates[operation];
    if (!rates) return undefined;
    const random = this.#stream(operation);
    const { delayMs: delayRange, ...chances } = rates;
    // Two draws a call, used or not, so that changing one rate leaves the others' fates alone.
    const [chance, share] = [random(), random()];
    const delayMs = delayRange && Math.round(delayRange[0] + share * (delayRange[1] - delayRange[0]));
    let threshold = 0;
    for (const [name, probability] of Object.entries(chances)) {
      threshold += probability;
      if (chance < threshold) return { ...faultNamed(name), delayMs };
    }
    return delayMs === undefined ? undefined : { effect: 'answer', delayMs };
  }

  #stream(operation: Operation): () => number {
    const known = this.#streams.get(operation);
    if (known) return known;
    const stream = mulberry32(this.#seed ^ Math.imul(OPERATIONS.indexOf(operation) + 1, 0x9e3779b1));
    this.#streams.set(operation, stream);
    return stream;
  }
}

function faultNamed(name: string): Fault {
  const status = /^status(\d{3})$/.exec(name)?.[1];
  return status === undefined ? { effect: name as Fault['effect'] } : { effect: 'answer', status: Number(status) };
}

/** A generator of 32 bits of state, good enough for dice: numbers in [0, 1). */
function mulberry32(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
