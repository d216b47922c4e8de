/** The script of faults to come: what goes wrong with which call, and for how many of them. */
import { z } from 'zod';
import { EFFECTS, replacesAnswer, type Fault } from './fault';
import { OPERATIONS, type Operation } from './operation';
import { RandomFaults, ratesSchema } from './random-faults';

const scriptedFaultSchema = z
  .strictObject({
    on: z.enum(OPERATIONS),
    customerId: z.string().optional(),
    /** 0 and "always" = for ever. */
    times: z.union([z.int().min(0), z.literal('always')]).default(1),
    /** Calls let past before the first one that fails. */
    skip: z.int().min(0).default(0),
    delayMs: z.number().min(0).optional(),
    status: z.int().min(200).max(599).optional(),
    body: z.unknown().optional(),
    headers: z.record(z.string(), z.string()).optional(),
    retryAfter: z.union([z.number(), z.string()]).optional(),
    effect: z.enum(EFFECTS).default('answer'),
  })
  .refine((fault) => fault.effect === 'answer' || fault.effect === 'loseAnswer' || !replacesAnswer(fault), {
    error: 'status, body, headers and retryAfter go with the effects "answer" and "loseAnswer" only',
    path: ['effect'],
  });

export const faultPlanSchema = z.strictObject({
  script: z.array(scriptedFaultSchema).default([]),
  seed: z.int().default(1),
  rates: ratesSchema.optional(),
});

export type FaultPlan = z.infer<typeof faultPlanSchema>;

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

  /** The fault for this call: the first of the script that applies, else what chance brings, else none. */
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

  /** The script with what is left of it; `left` null = for ever. */
  remaining(): object[] {
    return this.#script.map(({ fault, skip, left }) => ({ ...fault, skip, left: left === Infinity ? null : left }));
  }
}
