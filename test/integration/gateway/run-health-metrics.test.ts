/** The onboardings that need somebody, as the gateway's metrics count them on a real server. */
import { randomUUID } from 'node:crypto';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import {
  AcceptByKey,
  AttentionReasonKey,
  OnboardingStatusKey,
  searchAttributeKeys,
} from '../../../src/temporal/search-attributes';
import { startOptions } from '../../../src/client/start';
import { eventually } from '../../support/eventually';
import { attestedRequest } from '../../support/requests';
import { silenceTemporal } from '../../support/silent-runtime';
import { startDevServer } from '../../support/temporal-servers';
import { TestGateway } from '../../support/test-gateway';

const taskQueue = `test-${randomUUID()}`;
let env: TestWorkflowEnvironment;
let serverRuns = true;

beforeAll(async () => {
  silenceTemporal();
  env = await startDevServer({ searchAttributes: searchAttributeKeys });
});
afterAll(async () => {
  if (serverRuns) await env?.teardown();
});

/** A run that stands as told; no worker is there to move it. */
async function stands(status: string, reason: string | undefined, linkEndedMinutesAgo: number): Promise<void> {
  const { typedSearchAttributes, ...options } = startOptions(taskQueue, attestedRequest(), 1);
  await env.client.workflow.start('agreementOnboarding', {
    ...options,
    typedSearchAttributes: typedSearchAttributes.updateCopy([
      { key: OnboardingStatusKey, value: status },
      { key: AcceptByKey, value: new Date(Date.now() - linkEndedMinutesAgo * 60_000) },
      ...(reason === undefined ? [] : [{ key: AttentionReasonKey, value: reason }]),
    ]),
  });
}

async function metricsOf(gateway: TestGateway): Promise<string> {
  return (await fetch(`${gateway.url}/metrics`)).text();
}

test('parked, overdue and stuck runs are counted, and not again for every scraper', async () => {
  await stands('needsAttention', 'access', -60);
  await stands('needsAttention', 'access', -60);
  await stands('needsAttention', 'refused', 120);
  await stands('awaitingAcceptance', undefined, 120);
  await stands('awaitingAcceptance', undefined, -60);
  await eventually(async () => (await env.client.workflow.count()).count >= 5, { what: 'five runs to be listed' });
  const gateway = await TestGateway.open(env.client, taskQueue);
  try {
    const text = await metricsOf(gateway);

    expect(text).toContain('# TYPE onboardings_parked gauge\nonboardings_parked{reason="access"} 2\n');
    expect(text).toContain('\nonboardings_parked{reason="refused"} 1\n');
    expect(text).toContain('\nonboardings_parked{reason="customerUnknown"} 0\n');
    expect(text).toContain('\nonboardings_overdue 1\n');
    expect(text).toMatch(/\nonboardings_stuck 0\n$/);

    await stands('awaitingAcceptance', undefined, 120);
    await eventually(async () => (await env.client.workflow.count()).count >= 6, { what: 'six runs to be listed' });
    expect(await metricsOf(gateway)).toContain('\nonboardings_overdue 1\n');
  } finally {
    await gateway.close();
  }
});

test('a Temporal that is gone takes its counts with it, and leaves the gateway’s own', async () => {
  const gateway = await TestGateway.open(env.client, taskQueue);
  try {
    await env.teardown();
    serverRuns = false;
    await gateway.get('/healthz');

    const text = await metricsOf(gateway);
    expect(text).toContain('route="/healthz",status="200"');
    expect(text).not.toContain('onboardings_');
  } finally {
    await gateway.close();
  }
});
