/** Plays one answer at one attempt of one call, and checks everything that must come of it. */
import type { JournalEntry } from '../../support/simulator-control';
import { failureRules } from '../../../src/onboarding/failures';
import { customerAcceptedSignal, retrySignal } from '../../../src/workflows/messages';
import { attestedRequest } from '../../support/requests';
import type { Handle, TestStack } from '../../support/test-stack';
import type { Answer, Fate } from './answers';
import type { Position } from './positions';

export type Call = 'attestation' | 'agreement';

export interface Cell {
  call: Call;
  position: Position;
  answer: Answer;
  fate: Fate;
}

const MINUTE = 60_000;
const operations = { attestation: 'createAttestation', agreement: 'createAgreement' } as const;

/** Every answer that a call can get, at every position. */
export function cellsOf(call: Call, answers: readonly Answer[], positions: readonly Position[]): [string, Cell][] {
  return answers.flatMap((answer) => {
    const fate = answer[call];
    if (fate === undefined) return [];
    return positions.map((position): [string, Cell] => [
      `${answer.name}, ${position.name}`,
      { call, position, answer, fate },
    ]);
  });
}

/** `faultsOf` says what the simulator is told for a cell; `mend` is done before a parked run is told to go on. */
export class Matrix {
  constructor(
    private readonly stack: TestStack,
    private readonly faultsOf: (cell: Cell) => Record<string, unknown>[],
    private readonly mend: () => void = () => undefined,
  ) {}

  async play(cell: Cell, taskQueue: string): Promise<void> {
    const { stack } = this;
    const { call, position } = cell;
    await stack.synchronizeClocks();
    if (call === 'attestation') await stack.control.faults(...this.faultsOf(cell));
    const handle = await stack.startOnboarding(attestedRequest(), taskQueue);
    if (call === 'agreement') {
      await stack.untilStatus(handle, 'awaitingAcceptance');
      await stack.control.accept();
      await stack.control.faults(...this.faultsOf(cell));
      await handle.signal(customerAcceptedSignal);
    }
    if (position.elapsedMs > 0) {
      await stack.control.until(operations[call], 1);
      await stack.advanceClock(position.elapsedMs + 500);
    }
    await this.meetFate(handle, cell);
    expect(await this.faultsLeft()).toBe(0);
    await handle.terminate().catch(() => undefined); // most have ended
  }

  /** More than none, and the answer in question was never given. */
  private async faultsLeft(): Promise<number> {
    const faults = (await this.stack.control.send('GET', '/simulator/faults')) as { left: number }[];
    return faults.reduce((sum, { left }) => sum + left, 0);
  }

  private async meetFate(handle: Handle, { call, position, fate }: Cell): Promise<void> {
    const { stack } = this;
    if (fate !== 'goesOn' && 'ends' in fate) {
      const result = await handle.result();
      expect(result).toMatchObject({ outcome: fate.ends, problem: { type: fate.as } });
      if (call === 'agreement') expect(result.createdBy).toBe(position.answersLost ? 'unknown' : 'earlier');
      return;
    }
    const parked = parkedBy(fate, position);
    if (parked !== undefined) {
      if (position.name === 'last') await stack.advanceClock(MINUTE);
      const view = await stack.untilStatus(handle, 'needsAttention');
      expect(view).toMatchObject({ attentionReason: parked.reason, problem: { type: parked.type } });
      expect('nextRetryAt' in view).toBe(parked.reason === 'access'); // only lost access comes back by itself
      this.mend();
      await handle.signal(retrySignal);
    }
    if (call === 'attestation') {
      if (parked === undefined && fate !== 'goesOn') await stack.advanceClock(2 * MINUTE);
      await stack.untilStatus(handle, 'awaitingAcceptance');
    } else {
      expect(await handle.result()).toMatchObject({ outcome: 'agreementCreated', createdBy: 'thisOnboarding' });
    }
  }
}

/** What the calls must look like: how many, and how many of them in turn carried the same request id. */
export async function expectCalls(stack: TestStack, cell: Cell, callsOfAnswer: number): Promise<void> {
  const calls = await stack.control.journal(operations[cell.call]);
  const upToAnswer = cell.position.attemptsBefore + callsOfAnswer;
  expect(runsOfRequestIds(calls)).toEqual(expectedRuns(cell.fate, upToAnswer));
  expect(new Set(calls.map(({ headers }) => headers['ms-correlationid'])).size).toBe(1);
  expect(new Set(calls.map(({ headers }) => headers['ms-cv'])).size).toBe(calls.length);
}

function expectedRuns(fate: Fate, upToAnswer: number): number[] {
  if (fate === 'goesOn') return [upToAnswer];
  if ('ends' in fate) return [upToAnswer];
  if ('retried' in fate) return [upToAnswer + 1];
  const type = 'parks' in fate ? fate.as : fate.refused;
  const runs = failureRules[type].refusal ? [upToAnswer, 1] : [upToAnswer + 1];
  return runs.filter((length) => length > 0);
}

function parkedBy(fate: Fate, { name }: Position): { reason: string; type: string } | undefined {
  if (fate === 'goesOn') return undefined;
  if ('parks' in fate) return { reason: fate.parks, type: fate.as };
  return 'retried' in fate && name === 'last' ? { reason: 'retriesUsedUp', type: fate.retried } : undefined;
}

function runsOfRequestIds(calls: readonly JournalEntry[]): number[] {
  const runs: { id: string | undefined; length: number }[] = [];
  for (const { headers } of calls) {
    const last = runs.at(-1);
    if (last !== undefined && last.id === headers['ms-requestid']) last.length += 1;
    else runs.push({ id: headers['ms-requestid'], length: 1 });
  }
  return runs.map(({ length }) => length);
}
