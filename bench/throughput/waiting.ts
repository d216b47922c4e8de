/** Measures whether onboardings that wait for their customers slow down new ones. */
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { OnboardingClient } from '../../src/client/onboarding-client';
import { buildAttestation, ConnectionPool } from '../../tools/test-bed/deals';
import { Latencies } from './measure';

const MEASURED_STARTS = 100;
const STARTS_AT_ONCE = 16;
const SECONDS_PER_START = 1; // much more than a start takes; a longer wait indicates a defect
const STARTS_PER_LOG_LINE = 1_000;

export interface WaitingReport {
  readonly waiting: number;
  readonly before: Sample;
  readonly during: Sample;
}

interface Sample {
  readonly startP50: number;
  readonly startP99: number;
  readonly workerMegabytes: number;
}

export async function measureWaiting(
  waiting: number,
  onboardings: OnboardingClient,
  workerPid: number,
  log: (line: string) => void,
  stop: AbortSignal,
): Promise<WaitingReport> {
  const before = await takeSample(onboardings, workerPid);
  const limit = new ConnectionPool(STARTS_AT_ONCE);
  const countBefore = await countWaiting(onboardings);
  let started = 0;
  await Promise.all(
    Array.from({ length: waiting }, () =>
      limit.use(async () => {
        stop.throwIfAborted();
        await startOne(onboardings);
        started += 1;
        if (started % STARTS_PER_LOG_LINE === 0) log(`${started} of ${waiting} started`);
      }),
    ),
  );
  for (const deadline = Date.now() + waiting * SECONDS_PER_START * 1_000; ;) {
    const count = (await countWaiting(onboardings)) - countBefore;
    if (count >= waiting) break;
    if (Date.now() > deadline) throw new Error(`Only ${count} of ${waiting} onboardings reached awaitingAcceptance.`);
    await pause(1_000, undefined, { signal: stop });
  }
  log(`${waiting} onboardings wait`);
  return { waiting, before, during: await takeSample(onboardings, workerPid) };
}

async function takeSample(onboardings: OnboardingClient, workerPid: number): Promise<Sample> {
  const starts = new Latencies();
  for (let start = 0; start < MEASURED_STARTS; start += 1) await starts.measure(() => startOne(onboardings));
  return {
    startP50: starts.percentile(50),
    startP99: starts.percentile(99),
    workerMegabytes: await readResidentMegabytes(workerPid),
  };
}

async function startOne(onboardings: OnboardingClient): Promise<void> {
  const customerId = randomUUID();
  const attestation = { ...buildAttestation(customerId), expirationInMinutes: 10_080 };
  await onboardings.start({ dealId: `waiting-${customerId}`, customerId, attestation });
}

async function countWaiting(onboardings: OnboardingClient): Promise<number> {
  const { count } = await onboardings.temporal.workflow.count("OnboardingStatus = 'awaitingAcceptance'");
  return count;
}

async function readResidentMegabytes(pid: number): Promise<number> {
  const { stdout } = await promisify(execFile)('ps', ['-o', 'rss=', '-p', String(pid)]);
  return Number(stdout.trim()) / 1_024;
}
