import { randomUUID } from 'node:crypto';
import type { WorkflowHandleWithFirstExecutionRunId } from '@temporalio/client';
import { createAcceptanceLinks } from '../../src/onboarding/acceptance-link';
import { createCrmActivities, type CrmDependencies } from '../../src/activities/deliver-event';
import type { CallbackSettings } from '../../src/webhooks/callback-url';
import { createDeliver } from '../../src/webhooks/deliver';
import type { DeliveryOrder } from '../../src/onboarding/event-delivery';
import type { EventType, OnboardingEvent } from '../../src/onboarding/events';
import type { crmDelivery } from '../../src/workflows';
import type { JournalEntry } from './simulator-control';
import type { TestStack } from './test-stack';

export type DeliveryHandle = WorkflowHandleWithFirstExecutionRunId<typeof crmDelivery>;

/** The key that the worker signs with and the simulator's CRM knows. */
export const CRM_SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

export const links = createAcceptanceLinks([{ id: 'k1', secret: Buffer.alloc(32, 9) }], 'https://onboarding.example');

/** The dependencies of a stack's events worker: real HTTP to the simulator's CRM. */
export function crmDependencies(
  stack: Pick<TestStack, 'simulator'>,
  settings: Partial<CallbackSettings> = {},
): CrmDependencies {
  const { hostname, port } = new URL(stack.simulator.url);
  return {
    deliver: createDeliver({
      allowedHosts: [{ host: hostname, port: Number(port) }],
      secrets: [CRM_SECRET],
      allowPrivate: true,
      ...settings,
    }),
    getAcceptanceUrl: (target) => links.getUrl(target),
  };
}

export function crmActivities(stack: Pick<TestStack, 'simulator'>, settings?: Partial<CallbackSettings>) {
  return createCrmActivities(crmDependencies(stack, settings));
}

/** An order to deliver to the simulator's CRM, of a run of its own for each test. */
export function newOrder(stack: Pick<TestStack, 'simulator'>): DeliveryOrder {
  const onboardingId = `D-${randomUUID()}`;
  return { onboardingId, runId: randomUUID(), callbackUrl: `${stack.simulator.url}/crm/events` };
}

export function newEvent(sequence: number, step: string, order: Pick<DeliveryOrder, 'onboardingId'>): OnboardingEvent {
  const timestamp = `2026-11-24T10:0${sequence}:00.000Z`;
  return {
    type: `onboarding.${step}` as EventType,
    timestamp,
    sequence,
    view: {
      status: 'awaitingAcceptance',
      dealId: order.onboardingId,
      customerId: '7d4c1a52-9a0e-4a0b-8f6e-0a3f1b2c3d4e',
      attempt: 1,
      createdAt: timestamp,
      attestation: { id: 'a-bearer-secret', round: 1, live: true, expiresAt: timestamp },
      acceptance: {
        source: 'page',
        page: { statementId: 's1', language: 'en', ip: '192.0.2.1', userAgent: 'a-private-browser' },
      },
      history: [],
    },
  };
}

export interface ReceivedEvent extends Omit<JournalEntry, 'body'> {
  body: { type: string; sequence: number; data: Record<string, unknown> };
  /** The body as received. */
  rawBody: string;
  verified: boolean | null;
}

/** The events that the simulator's CRM received, in order of arrival. */
export async function getReceivedEvents(stack: Pick<TestStack, 'control'>): Promise<ReceivedEvent[]> {
  return (await stack.control.send('GET', '/simulator/crm-events')) as ReceivedEvent[];
}

/** The sequence numbers of the events that the CRM accepted. */
export async function listAcceptedSequences(stack: Pick<TestStack, 'control'>): Promise<number[]> {
  return (await getReceivedEvents(stack)).filter(({ status }) => status === 204).map(({ body }) => body.sequence);
}
