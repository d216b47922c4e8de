/** Scripted faults, seeded random faults, and the answers that they send. */
import { z } from 'zod';
import { classicError, throttled, unauthorizedAttestation } from './errors';
import { type Answer, type Operation, OPERATIONS } from './operations';

const EFFECTS = ['answer', 'hang', 'reset', 'loseAnswer', 'loseAnswerHang', 'truncate'] as const;

/**
 * What happens to a call:
 * - `answer`: `status`, `body`, `headers` or `retryAfter` replace the real answer and nothing commits; without them the
 *   real answer is sent, possibly after `delayMs`
 * - `hang`: nothing commits and nothing is answered
 * - `reset`: nothing commits and the connection is reset
 * - `loseAnswer`: the call commits, then the socket is closed; with `status` that is answered instead
 * - `loseAnswerHang`: the call commits, then nothing is answered
 * - `truncate`: the call commits, then the socket is closed in the middle of the answer
 */
type Effect = (typeof EFFECTS)[number];

export interface Fault {
  effect: Effect;
  /** Delay before anything else happens to the call. */
  delayMs?: number;
  /** Default 200; with `retryAfter` alone 429. */
  status?: number;
  /** A string is sent unchanged, anything else as JSON. */
  body?: unknown;
  headers?: Record<string, string>;
  /** Seconds, or an HTTP date. */
  retryAfter?: number | string;
}

const scriptedFaultSchema = z
  .strictObject({
    on: z.enum(OPERATIONS),
    customerId: z.string().optional(),
    /** 0 and "always": no limit. */
    times: z.union([z.int().min(0), z.literal('always')]).default(1),
    /** Number of calls that pass unaffected before the fault applies. */
    skip: z.int().min(0).default(0),
    delayMs: z.number().min(0).optional(),
    status: z.int().min(200).max(599).optional(),
    body: z.unknown().optional(),
    headers: z.record(z.string(), z.string()).optional(),
    retryAfter: z.union([z.number(), z.string()]).optional(),
    effect: z.enum(EFFECTS).default('answer'),
  })
  .refine((fault) => fault.effect === 'answer' || fault.effect === 'loseAnswer' || !replacesAnswer(fault), {
    error: 'status, body, headers and retryAfter are allowed only with the effects "answer" and "loseAnswer"',
    path: ['effect'],
  });

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
    /** Range of the delay of every call of the operation. */
    delayMs: z
      .tuple([z.number().min(0), z.number().min(0)])
      .refine(([from, to]) => from <= to, { error: 'the first number must not exceed the second' })
      .optional(),
  })
  .refine(({ delayMs: _delayMs, ...rates }) => Object.values(rates).reduce((sum, each) => sum + each, 0) <= 1, {
    error: 'the rates of one operation must not add up to more than 1',
  });

const ratesSchema = z.partialRecord(z.enum(OPERATIONS), operationRatesSchema);

type Rates = z.infer<typeof ratesSchema>;

export const faultPlanSchema = z.strictObject({
  script: z.array(scriptedFaultSchema).default([]),
  seed: z.int().default(1),
  rates: ratesSchema.optional(),
});

type FaultPlan = z.infer<typeof faultPlanSchema>;

export class Faults {
  #script: { fault: FaultPlan['script'][number]; skip: number; left: number }[] = [];
  #random: RandomFaults | undefined;

  replace(plan: FaultPlan): void {
    this.#script = plan.script.map((fault) => ({
      fault,
      skip: fault.skip,
      left: fault.times === 'always' || fault.times === 0 ? Infinity : fault.times,
    }));
    this.#random = plan.rates && new RandomFaults(plan.seed, plan.rates);
  }

  clear(): void {
    this.#script = [];
    this.#random = undefined;
  }

  /** The fault for this call: the first scripted one that applies, otherwise possibly a random one. */
  next(operation: Operation, customerId: string): Fault | undefined {
    for (const entry of this.#script) {
      const { fault } = entry;
      if (fault.on !== operation || entry.left === 0) continue;
      if (fault.customerId !== undefined && fault.customerId.toLowerCase() !== customerId) continue;
      if (entry.skip > 0) {
        entry.skip -= 1;
        continue;
      }
      entry.left -= 1;
      return fault;
    }
    return this.#random?.next(operation);
  }

  /** The script with the calls that are left; `left: null` means no limit. */
  remaining(): object[] {
    return this.#script.map(({ fault, skip, left }) => ({ ...fault, skip, left: left === Infinity ? null : left }));
  }
}

class RandomFaults {
  readonly #seed: number;
  readonly #rates: Rates;
  readonly #generators = new Map<Operation, () => number>();

  constructor(seed: number, rates: Rates) {
    this.#seed = seed;
    this.#rates = rates;
  }

  /** With the same seed, the n-th call of an operation always gets the same fault, independent of other operations. */
  next(operation: Operation): Fault | undefined {
    const rates = this.#rates[operation];
    if (!rates) return undefined;
    const random = this.#getGenerator(operation);
    const { delayMs: delayRange, ...probabilities } = rates;
    // Always two numbers for each call, so that changing one rate does not change the faults of the other rates.
    const [chance, share] = [random(), random()];
    const delayMs = delayRange && Math.round(delayRange[0] + share * (delayRange[1] - delayRange[0]));
    let threshold = 0;
    for (const [name, probability] of Object.entries(probabilities)) {
      threshold += probability;
      if (chance < threshold) return { ...toFault(name), delayMs };
    }
    return delayMs === undefined ? undefined : { effect: 'answer', delayMs };
  }

  #getGenerator(operation: Operation): () => number {
    const known = this.#generators.get(operation);
    if (known) return known;
    const generator = mulberry32(this.#seed ^ Math.imul(OPERATIONS.indexOf(operation) + 1, 0x9e3779b1));
    this.#generators.set(operation, generator);
    return generator;
  }
}

/** Builds the fault that the name of a rate stands for. */
function toFault(name: string): Fault {
  const status = /^status(\d{3})$/.exec(name)?.[1];
  return status === undefined ? { effect: name as Effect } : { effect: 'answer', status: Number(status) };
}

/** A small seeded pseudo-random number generator; returns numbers in [0, 1). */
function mulberry32(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Whether the fault sends its own answer. */
export function replacesAnswer(fault: Omit<Fault, 'effect'>): boolean {
  const { status, body, headers, retryAfter } = fault;
  return [status, body, headers, retryAfter].some((member) => member !== undefined);
}

export function buildFaultAnswer(fault: Fault, operation: Operation): Answer {
  const status = fault.status ?? (fault.retryAfter === undefined ? 200 : 429);
  const answer = fault.body === undefined ? buildUsualAnswer(status, operation) : { status, body: fault.body };
  const retryAfter = fault.retryAfter === undefined ? {} : { 'retry-after': String(fault.retryAfter) };
  const headers = Object.entries(fault.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]);
  return { ...answer, headers: { ...answer.headers, ...retryAfter, ...Object.fromEntries(headers) } };
}

/** The answer that the operation's service gives with this status. */
function buildUsualAnswer(status: number, operation: Operation): Answer {
  if (status < 400) return { status };
  if (status === 429) return throttled(1);
  if (operation === 'token') {
    const error = status >= 500 ? 'temporarily_unavailable' : 'invalid_client';
    return { status, body: { error, error_description: `AADSTS90033: a scripted fault answered ${status}.` } };
  }
  if (status === 401 && operation === 'createAttestation') return unauthorizedAttestation();
  if (status === 500) return classicError(500, 800003, 'An unexpected service error occurred.');
  if (status > 500) return { status, body: `<html><body><h1>${status}</h1></body></html>` };
  return classicError(status, status, `A scripted fault answered ${status}.`);
}
