/** What onboardings that wait for their customers cost those that come after them. */
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Client } from '@temporalio/client';
import { startOnboarding } from '../../src/client/start';
import { ConnectionPool } from '../stack/connection-pool';
import { Latencies } from './latencies';
import { attestationOf } from './requests';

const TASK_QUEUE = 'agreement-onboarding';
const MEASURED_STARTS = 100;
const STARTS_AT_ONCE = 16;
const SECONDS_PER_START = 1; // far above what it takes; past it something is wrong
const TOLD_EVERY = 1_000;

export interface WaitingReport {
  readonly waiting: number;
  readonly without: Sample;
  readonly with: Sample;
}

interface Sample {
  readonly startP50: number;
  readonly startP99: number;
  readonly workerMegabytes: number;
}

export async function measureWaiting(
  waiting: number,
  client: Client,
  workerPid: number,
  say: (line: string) => void,
  stop: AbortSignal,
): Promise<WaitingReport> {
  const without = await sample(client, workerPid);
  const places = new ConnectionPool(STARTS_AT_ONCE);
  const before = await awaiting(client);
  let started = 0;
  await Promise.all(
    Array.from({ length: waiting }, () =>
      places.use(async () => {
        stop.throwIfAborted();
        await startOne(client);
        started += 1;
        if (started % TOLD_EVERY === 0) say(`${started} of ${waiting} started`);
      }),
    ),
  );
  for (const deadline = Date.now() + waiting * SECONDS_PER_START * 1_000; ;) {
    const now = (await awaiting(client)) - before;
    if (now >= waiting) break;
    if (Date.now() > deadline) throw new Error(`Only ${now} of ${waiting} onboardings came to wait.`);
    await pause(1_000, undefined, { signal: stop });
  }
  say(`${waiting} onboardings wait`);
  return { waiting, without, with: await sample(client, workerPid) };
}

async function sample(client: Client, workerPid: number): Promise<Sample> {
  const starts = new Latencies();
  for (let start = 0; start < MEASURED_STARTS; start += 1) await starts.of(() => startOne(client));
  return {
    startP50: starts.percentile(50),
    startP99: starts.percentile(99),
    workerMegabytes: await residentMegabytes(workerPid),
  };
}

async function startOne(client: Client): Promise<void> {
  const customerId = randomUUID();
  const attestation = { ...attestationOf(customerId), expirationInMinutes: 10_080 };
  await startOnboarding(client, TASK_QUEUE, { dealId: `waiting-${customerId}`, customerId, attestation });
}

async function awaiting(client: Client): Promise<number> {
  const { count } = await client.workflow.count("OnboardingStatus = 'awaitingAcceptance'");
  return count;
}

async function residentMegabytes(pid: number): Promise<number> {
  const { stdout } = await promisify(execFile)('ps', ['-o', 'rss=', '-p', String(pid)]);
  return Number(stdout.trim()) / 1_024;
}
