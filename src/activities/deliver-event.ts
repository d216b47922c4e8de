import { ApplicationFailure } from '@temporalio/activity';
import type { LinkTarget } from '../onboarding/acceptance-link';
import { callbackRefusals } from '../webhooks/callback-url';
import type { Deliver } from '../webhooks/deliver';
import { type DeliveryFailureType, deliveryFailureRules, type DeliveryOrder } from '../onboarding/event-delivery';
import { type OnboardingEvent } from '../onboarding/events';
import { toPublicView } from '../onboarding/view';
import { parseRetryAfter } from '../partner-center';

/** What a worker needs to deliver events; without it every attempt fails with `CallbacksOff` and is retried. */
export interface CrmDependencies {
  deliver: Deliver;
  getAcceptanceUrl: (target: LinkTarget) => string;
}

/** The activities of the events' task queue, wired to what they need. */
export function createCrmActivities(dependencies: CrmDependencies | undefined) {
  return { deliverEvent: (order: DeliveryOrder, event: OnboardingEvent) => deliverEvent(dependencies, order, event) };
}

export type CrmActivities = ReturnType<typeof createCrmActivities>;

/**
 * Delivers one event in one attempt.
 * @throws ApplicationFailure with a type of `deliveryFailureRules` and the CRM's status, if any, as its detail.
 */
async function deliverEvent(dependencies: CrmDependencies | undefined, order: DeliveryOrder, event: OnboardingEvent) {
  // Retried: the event is delivered once this worker is configured, or by another one.
  if (dependencies === undefined) throw failure('CallbacksOff');

  const answer = await dependencies.deliver({
    webhookId: `${order.runId}-${event.sequence}`, // the same for every attempt and for a resend
    callbackUrl: order.callbackUrl,
    body: JSON.stringify(buildBody(order, event, dependencies)),
  });
  switch (answer.outcome) {
    case 'delivered':
      return { status: answer.status };
    case 'gone':
      throw failure('EventGone', { status: 410 });
    case 'refused':
      throw failure('CallbackNotAllowed', { message: callbackRefusals[answer.refusal] });
    case 'unanswered':
      throw failure('EventNotDelivered', { message: `The CRM did not answer (${answer.reason}).` });
    case 'failed':
      throw failure('EventNotDelivered', {
        message: `The CRM answered ${answer.status}.`,
        status: answer.status,
        retryAfterMs: parseRetryAfter(answer.retryAfter),
      });
  }
}

/** The body that a CRM receives. Members may be added. */
function buildBody(
  { onboardingId, runId }: DeliveryOrder,
  { type, timestamp, sequence, view }: OnboardingEvent,
  { getAcceptanceUrl }: CrmDependencies,
) {
  const isForSignatory = type === 'onboarding.awaitingAcceptance' || type === 'onboarding.reminderDue';
  return {
    type,
    timestamp,
    version: 1,
    sequence,
    data: {
      ...toPublicView(view),
      acceptanceUrl: isForSignatory ? getAcceptanceUrl({ onboardingId, runId }) : undefined,
    },
  };
}

function failure(
  type: DeliveryFailureType,
  { message, status, retryAfterMs }: { message?: string; status?: number; retryAfterMs?: number } = {},
): ApplicationFailure {
  const { title, retried } = deliveryFailureRules[type];
  return ApplicationFailure.create({
    type,
    message: message ?? title,
    nonRetryable: !retried,
    details: status === undefined ? undefined : [{ status }],
    nextRetryDelay: retryAfterMs,
  });
}
