/** Gives one answer to one attempt of one call, and checks the outcome. */
import type { JournalEntry } from '../../support/simulator-control';
import { failureRules } from '../../../src/onboarding/failures';
import { customerAcceptedSignal, retrySignal } from '../../../src/workflows/messages';
import { attestedRequest } from '../../support/requests';
import type { Handle, TestStack } from '../../support/test-stack';
import type { Answer, ExpectedOutcome } from './answers';
import type { Position } from './positions';

export type Call = 'attestation' | 'agreement';

export interface Cell {
  call: Call;
  position: Position;
  answer: Answer;
  outcome: ExpectedOutcome;
}

const MINUTE = 60_000;
const operations = { attestation: 'createAttestation', agreement: 'createAgreement' } as const;

/** Every answer that a call can get, at every position. */
export function listCells(call: Call, answers: readonly Answer[], positions: readonly Position[]): [string, Cell][] {
  return answers.flatMap((answer) => {
    const outcome = answer[call];
    if (outcome === undefined) return [];
    return positions.map((position): [string, Cell] => [
      `${answer.name}, ${position.name}`,
      { call, position, answer, outcome },
    ]);
  });
}

/**
 * `reset` makes the simulator ready for the next cell, `buildFaults` returns its faults for a cell, and `fix` is called
 * before a run that needs attention is retried.
 */
export class Matrix {
  constructor(
    private readonly stack: TestStack,
    readonly reset: () => Promise<unknown>,
    private readonly buildFaults: (cell: Cell) => Record<string, unknown>[],
    private readonly fix: () => void = () => undefined,
  ) {}

  async runCell(cell: Cell, taskQueue: string): Promise<void> {
    const { stack } = this;
    const { call, position } = cell;
    await stack.synchronizeClocks();
    if (call === 'attestation') await stack.control.faults(...this.buildFaults(cell));
    const handle = await stack.startOnboarding(attestedRequest(), taskQueue);
    if (call === 'agreement') {
      await stack.untilStatus(handle, 'awaitingAcceptance');
      await stack.control.accept();
      await stack.control.faults(...this.buildFaults(cell));
      await handle.signal(customerAcceptedSignal);
    }
    if (position.elapsedMs > 0) {
      await stack.control.waitForCalls(operations[call], 1);
      if (await hasIgnoredDeadline(handle, operations[call])) {
        await handle.terminate();
        await this.reset();
        return this.runCell(cell, taskQueue);
      }
      await stack.advanceClock(position.elapsedMs + 500);
    }
    await this.expectOutcome(handle, cell);
    expect(await this.countUnusedFaults()).toBe(0);
    await handle.terminate().catch(() => undefined); // most have ended
  }

  /** More than none means that the answer in question was never given. */
  private async countUnusedFaults(): Promise<number> {
    const faults = (await this.stack.control.send('GET', '/simulator/faults')) as { left: number }[];
    return faults.reduce((sum, { left }) => sum + left, 0);
  }

  private async expectOutcome(handle: Handle, { call, position, outcome }: Cell): Promise<void> {
    const { stack } = this;
    if (outcome !== 'continues' && 'ends' in outcome) {
      const result = await handle.result();
      expect(result).toMatchObject({ outcome: outcome.ends, problem: { type: outcome.as } });
      if (call === 'agreement') expect(result.createdBy).toBe(position.answersLost ? 'unknown' : 'earlier');
      return;
    }
    const attention = getExpectedAttention(outcome, position);
    if (attention !== undefined) {
      if (position.name === 'last') await stack.advanceClock(MINUTE);
      const view = await stack.untilStatus(handle, 'needsAttention');
      expect(view).toMatchObject({ attentionReason: attention.reason, problem: { type: attention.type } });
      expect('nextRetryAt' in view).toBe(attention.reason === 'access'); // only lost access is retried without an operator
      this.fix();
      await handle.signal(retrySignal);
    }
    if (call === 'attestation') {
      if (attention === undefined && outcome !== 'continues') await stack.advanceClock(2 * MINUTE);
      await stack.untilStatus(handle, 'awaitingAcceptance');
    } else {
      expect(await handle.result()).toMatchObject({ outcome: 'agreementCreated', createdBy: 'thisOnboarding' });
    }
  }
}

/**
 * The time-skipping server does not enforce `scheduleToCloseTimeout` when the deadline falls on a whole second: one
 * activity in a thousand is retried forever (TestServiceRetryState of 1.38.0 and 1.39.0 takes `nanos == 0` for none).
 */
async function hasIgnoredDeadline(handle: Handle, activity: string): Promise<boolean> {
  const { events } = await handle.fetchHistory();
  return (events ?? []).some(
    ({ eventTime, activityTaskScheduledEventAttributes: scheduled }) =>
      scheduled?.activityType?.name === activity && (eventTime?.nanos ?? 0) === 0,
  );
}

/** Checks the number of calls, and how many in a row had the same request id. */
export async function expectCalls(stack: TestStack, cell: Cell, callsPerAnswer: number): Promise<void> {
  const calls = await stack.control.journal(operations[cell.call]);
  const upToAnswer = cell.position.attemptsBefore + callsPerAnswer;
  expect(countCallsPerRequestId(calls)).toEqual(getExpectedCounts(cell.outcome, upToAnswer));
  expect(new Set(calls.map(({ headers }) => headers['ms-correlationid'])).size).toBe(1);
  expect(new Set(calls.map(({ headers }) => headers['ms-cv'])).size).toBe(calls.length);
}

function getExpectedCounts(outcome: ExpectedOutcome, upToAnswer: number): number[] {
  if (outcome === 'continues') return [upToAnswer];
  if ('ends' in outcome) return [upToAnswer];
  if ('retried' in outcome) return [upToAnswer + 1];
  const type = 'needsAttention' in outcome ? outcome.as : outcome.refused;
  const counts = failureRules[type].retried ? [upToAnswer + 1] : [upToAnswer, 1];
  return counts.filter((count) => count > 0);
}

function getExpectedAttention(
  outcome: ExpectedOutcome,
  { name }: Position,
): { reason: string; type: string } | undefined {
  if (outcome === 'continues') return undefined;
  if ('needsAttention' in outcome) return { reason: outcome.needsAttention, type: outcome.as };
  return 'retried' in outcome && name === 'last' ? { reason: 'retriesUsedUp', type: outcome.retried } : undefined;
}

/** The numbers of calls in a row with the same request id. */
function countCallsPerRequestId(calls: readonly JournalEntry[]): number[] {
  const groups: { id: string | undefined; count: number }[] = [];
  for (const { headers } of calls) {
    const last = groups.at(-1);
    if (last !== undefined && last.id === headers['ms-requestid']) last.count += 1;
    else groups.push({ id: headers['ms-requestid'], count: 1 });
  }
  return groups.map(({ count }) => count);
}
