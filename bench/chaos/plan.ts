/** What will happen and when: every deal and every kill of a run, fixed by its seed before it begins. */
import type { ProcessName } from '../stack/services';
import { drawn, drawnGuid, shuffled } from './chance';
import type { ChaosOptions } from './options';

export interface Deal {
  readonly dealId: string;
  readonly customerId: string;
  /** The same however often the acceptance is reported. */
  readonly acceptanceId: string;
  /** Milliseconds from the beginning, as are the others. */
  readonly closesAtMs: number;
  readonly customerComesAtMs: number;
}

export interface Kill {
  readonly atMs: number;
  readonly victim: ProcessName;
}

export interface ChaosPlan {
  readonly deals: readonly Deal[];
  readonly kills: readonly Kill[];
}

const SHARE_OF_STARTS = 0.4; // deals close in the first part, so that most are in flight when most kills come
const SHARE_OF_CUSTOMERS = 0.85; // the last acceptances are to meet faults and kills as well
const SHORTEST_THINKING_MS = 1_000;

export function planOf({ onboardings, seconds, seed, kill, killEverySeconds, door }: ChaosOptions): ChaosPlan {
  const lengthMs = seconds * 1_000;
  const victims: ProcessName[] =
    kill === 'worker'
      ? ['worker-1', 'worker-2']
      : ['worker-1', 'worker-2', 'temporal', ...(door === 'gateway' ? ['gateway' as const] : [])];
  const kills = Math.max(1, Math.round(seconds / killEverySeconds));
  return {
    deals: Array.from({ length: onboardings }, (_, index) => dealOf(seed, index + 1, lengthMs)),
    kills: Array.from({ length: kills }, (_, index) => drawn(seed, `moment of kill ${index}`) * lengthMs)
      .toSorted((one, other) => one - other)
      .map((atMs, index) => ({ atMs, victim: victimOf(victims, seed, index) })),
  };
}

function dealOf(seed: number, number: number, lengthMs: number): Deal {
  const name = `deal ${number}`;
  const closesAtMs = drawn(seed, `${name} closes`) * lengthMs * SHARE_OF_STARTS;
  const earliestMs = closesAtMs + SHORTEST_THINKING_MS;
  return {
    dealId: `chaos-${seed}-${String(number).padStart(4, '0')}`,
    customerId: drawnGuid(seed, `${name} customer`),
    acceptanceId: drawnGuid(seed, `${name} acceptance`),
    closesAtMs,
    customerComesAtMs:
      earliestMs + drawn(seed, `${name} customer comes`) * Math.max(0, lengthMs * SHARE_OF_CUSTOMERS - earliestMs),
  };
}

/** Dealt in shuffled rounds: nobody is hit twice before everybody was hit once. */
function victimOf(victims: readonly ProcessName[], seed: number, index: number): ProcessName {
  const round = Math.floor(index / victims.length);
  return shuffled(victims, seed, `round ${round}`)[index % victims.length]!;
}
