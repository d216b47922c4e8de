/** Hundreds of onboardings in needsAttention, one fix, one `retry`: against a real server, worker and simulated Partner Center. */
import { randomUUID } from 'node:crypto';
import type { OnboardingRequest } from '../../src/onboarding/request';
import type { JournalEntry } from '../../simulator';
import { buildStartOptions } from '../../src/client/start';
import { eventually } from '../support/eventually';
import { attestedRequest } from '../support/requests';
import { runCommandLineInProcess } from '../support/command-line';
import { TestStack } from '../support/test-stack';

const WAITING = 300;
const PER_SECOND = 15; // two cores could do twice as many
const TIMERS_MS = 20; // the most by which Node's timers and the clock differ
const WITHIN_MS = 120_000;

let stack: TestStack;

beforeAll(async () => {
  stack = await TestStack.start({ server: 'dev', simulator: true });
});
afterAll(() => stack?.close());

test(
  `one retry resumes ${WAITING} runs that an expired secret has stopped, at a limited rate`,
  async () => {
    const campaignId = `c-${randomUUID()}`;
    const expired = await stack.startConfiguredWorker();
    await stack.control.send('POST', '/simulator/credentials', { clientSecret: 'the-new-secret' });
    await startMany(Array.from({ length: WAITING }, () => attestedRequest({ campaignId })));
    await untilCounted(`OnboardingStatus = 'needsAttention' AND AttentionReason = 'access'`, WAITING);
    expect(await listCalls('createAttestation')).toEqual([]);
    await expired();

    const drain = await stack.startConfiguredWorker({ PARTNER_CENTER_CLIENT_SECRET: 'the-new-secret' });
    try {
      const lines: string[] = [];
      const args = ['--json', 'retry', '--reason', 'access', '--yes', '--per-second', String(PER_SECOND)];
      const startedAt = Date.now();
      const run = await runCommandLineInProcess(args, {
        environment: stack.environment,
        onStderr: (text) => lines.push(text),
      });
      const tookMs = Date.now() - startedAt;

      expect(run.code).toBe(0);
      const paced = { perSecond: PER_SECOND, seconds: expect.any(Number) as number };
      const answer = JSON.parse(run.stdout) as object;
      expect(answer).toEqual({ found: WAITING, told: WAITING, noLongerParked: 0, failed: [], ...paced });
      expect(tookMs).toBeGreaterThanOrEqual(((WAITING - 1) / PER_SECOND) * 1_000);
      expect(lines.length).toBeGreaterThan(1); // one every five seconds
      for (const line of lines) expect(line).toMatch(new RegExp(`^\\d+ of ${WAITING}\n$`));

      await untilCounted(`OnboardingStatus = 'awaitingAcceptance'`, WAITING);
      const calls = await listCalls('createAttestation');
      expect(calls).toHaveLength(WAITING);
      expect(new Set(calls.map(({ status }) => status))).toEqual(new Set([201]));
      expect(getSmallestDelayMs(calls, startedAt)).toBeGreaterThanOrEqual(-TIMERS_MS);
    } finally {
      await drain();
    }
  },
  2 * WITHIN_MS,
);

async function startMany(requests: readonly OnboardingRequest[]): Promise<void> {
  const waiting = requests.values();
  const work = async () => {
    for (const request of waiting) {
      const options = buildStartOptions(stack.environment['TEMPORAL_TASK_QUEUE']!, request, 1);
      await stack.server.client.workflow.start('agreementOnboarding', options);
    }
  };
  await Promise.all(Array.from({ length: 10 }, work));
}

async function untilCounted(query: string, wanted: number): Promise<void> {
  await eventually(async () => (await stack.server.client.workflow.count(query)).count === wanted, {
    what: `${query} to find ${wanted}`,
    timeoutMs: WITHIN_MS,
    intervalMs: 200,
  });
}

async function listCalls(operation: string): Promise<JournalEntry[]> {
  const answer = await fetch(`${stack.simulator.url}/simulator/journal?operation=${operation}`);
  return (await answer.json()) as JournalEntry[];
}

/**
 * The smallest delay of any call against its turn at the given rate, in milliseconds; a busy machine only increases it.
 */
function getSmallestDelayMs(calls: readonly JournalEntry[], startedAt: number): number {
  const times = calls.map(({ at }) => Date.parse(at)).toSorted((one, other) => one - other);
  return Math.min(...times.map((time, turn) => time - startedAt - (turn / PER_SECOND) * 1_000));
}
