/** The onboardings that are stuck, overdue or need attention, as the gateway's metrics count them on a real server. */
import { AcceptByKey, AttentionReasonKey, OnboardingStatusKey } from '../../../src/temporal/search-attributes';
import { buildStartOptions } from '../../../src/client/start';
import { eventually } from '../../support/eventually';
import { attestedRequest } from '../../support/requests';
import type { TestGateway } from '../../support/test-gateway';
import { TestStack } from '../../support/test-stack';

let stack: TestStack;

beforeAll(async () => {
  stack = await TestStack.start({ server: 'dev' });
});
afterAll(() => stack?.close());

/** Starts a run with these search attributes; no worker is there to change them. */
async function startRun(status: string, reason: string | undefined, linkEndedMinutesAgo: number): Promise<void> {
  const { typedSearchAttributes, ...options } = buildStartOptions(stack.taskQueue, attestedRequest(), 1);
  await stack.client.workflow.start('agreementOnboarding', {
    ...options,
    typedSearchAttributes: typedSearchAttributes.updateCopy([
      { key: OnboardingStatusKey, value: status },
      { key: AcceptByKey, value: new Date(Date.now() - linkEndedMinutesAgo * 60_000) },
      ...(reason === undefined ? [] : [{ key: AttentionReasonKey, value: reason }]),
    ]),
  });
}

async function readMetrics(gateway: TestGateway): Promise<string> {
  return (await fetch(`${gateway.url}/metrics`)).text();
}

test('runs that need attention, are overdue or stuck are counted, and the counts are shared by all scrapers', async () => {
  await startRun('needsAttention', 'access', -60);
  await startRun('needsAttention', 'access', -60);
  await startRun('needsAttention', 'refused', 120);
  await startRun('awaitingAcceptance', undefined, 120);
  await startRun('awaitingAcceptance', undefined, -60);
  await eventually(async () => (await stack.client.workflow.count()).count >= 5, { what: 'five runs to be listed' });
  const gateway = await stack.startGateway();
  const text = await readMetrics(gateway);

  expect(text).toContain('# TYPE onboardings_parked gauge\nonboardings_parked{reason="access"} 2\n');
  expect(text).toContain('\nonboardings_parked{reason="refused"} 1\n');
  expect(text).toContain('\nonboardings_parked{reason="customerUnknown"} 0\n');
  expect(text).toContain('\nonboardings_overdue 1\n');
  expect(text).toMatch(/\nonboardings_stuck 0\n$/);

  await startRun('awaitingAcceptance', undefined, 120);
  await eventually(async () => (await stack.client.workflow.count()).count >= 6, { what: 'six runs to be listed' });
  expect(await readMetrics(gateway)).toContain('\nonboardings_overdue 1\n');
});

test('without Temporal the counts of runs disappear and the gateway’s own metrics stay', async () => {
  const gateway = await stack.startGateway();
  await stack.stopServer();
  await gateway.get('/healthz');

  const text = await readMetrics(gateway);
  expect(text).toContain('route="/healthz",status="200"');
  expect(text).not.toContain('onboardings_');
});
