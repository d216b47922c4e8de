/** When each process is killed; the same seed gives the same plan. */
import type { ProcessName } from '../../tools/test-bed/product-stack';
import { randomNumber, shuffle } from '../../tools/test-bed/seeded-random';
import type { ChaosOptions } from './options';

export interface Kill {
  /** Milliseconds from the beginning of the run. */
  readonly atMs: number;
  readonly process: ProcessName;
}

export function planKills({ seconds, seed, kill, killEverySeconds, via }: ChaosOptions): Kill[] {
  const processes: ProcessName[] = ['worker-1', 'worker-2'];
  if (kill === 'server') processes.push('temporal');
  if (kill === 'server' && via === 'gateway') processes.push('gateway');
  const count = Math.max(1, Math.round(seconds / killEverySeconds));
  return Array.from({ length: count }, (_, index) => randomNumber(seed, `moment of kill ${index}`) * seconds * 1_000)
    .toSorted((one, other) => one - other)
    .map((atMs, index) => ({ atMs, process: chooseProcess(processes, seed, index) }));
}

/** In shuffled rounds, so that every process is killed once before any is killed again. */
function chooseProcess(processes: readonly ProcessName[], seed: number, index: number): ProcessName {
  const round = Math.floor(index / processes.length);
  return shuffle(processes, seed, `round ${round}`)[index % processes.length]!;
}
