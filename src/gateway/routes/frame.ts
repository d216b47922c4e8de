import type { OnboardingView } from '../../onboarding/view';
import type { OnboardingClient } from '../../client/onboarding-client';
import type { ReadView } from '../../client/view';
import { type Api, idSchema, problemsOfWrite } from '../api';
import { visibleId } from '../authentication';
import type { GatewayDependencies } from '../dependencies';
import { ended } from '../not-open';
import { ProblemError } from '../problem';
import { frameNotReady, noWorker } from '../problem-of';
import { frameSchema } from '../schemas/answers';
import { withinDeadline } from '../temporal-calls';

type Round = NonNullable<OnboardingView['attestation']>;

/** A renewal waits for Partner Center, for 10 s at most; the calls before and after it take their time too. */
const RENEWED_WITHIN_MS = 15_000;

export function addFrameRoute(api: Api, { onboardings, acceptanceUrl }: GatewayDependencies): void {
  api.route({
    method: 'POST',
    url: '/v1/onboardings/:id/frame',
    schema: {
      operationId: 'openFrame',
      summary: 'The address of Microsoft’s iframe, renewed if it had run out',
      description: 'For partners whose own checkout shows it. A renewal waits for Partner Center, for 10 s at most.',
      params: idSchema,
      response: {
        200: { description: 'Live until expiresAt.', content: { 'application/json': { schema: frameSchema } } },
        ...problemsOfWrite(
          'onboarding-not-found',
          'nothing-to-accept',
          'refused',
          'not-open',
          'no-worker',
          'frame-not-ready',
        ),
      },
    },
    handler: (call) =>
      withinDeadline(
        onboardings,
        async () => {
          const { id: attestationId, round, expiresAt } = await liveRound(onboardings, visibleId(call));
          const url = new URL(acceptanceUrl);
          url.searchParams.set('attestationid', attestationId); // in lower case, as Microsoft's page reads it
          return { url: url.href, round, expiresAt };
        },
        RENEWED_WITHIN_MS,
      ),
  });
}

/** The attestation in which the customer can accept; one that ran out is renewed first. @throws ProblemError */
async function liveRound(onboardings: OnboardingClient, id: string): Promise<Round> {
  const { summary, view } = await onboardings.summaryThenView(id);
  const { isOpen, status, runId } = summary;
  if (!isOpen) throw ended(id, status);
  const before = roundIn(await view(), id);
  if (before.live) return before;

  const told = await onboardings.renewAttestation(id, runId);
  switch (told?.outcome) {
    case 'recorded': {
      const renewed = roundIn(await onboardings.view(id, runId), id);
      if (renewed.live) return renewed;
      throw frameNotReady(id);
    }
    case 'refused':
      throw new ProblemError('refused', told.message, { reason: told.type, onboardingStatus: status });
    case 'notOpen':
      throw ended(id, (await onboardings.summary(id)).status);
    case 'stored':
    case undefined:
      throw frameNotReady(id);
  }
}

function roundIn({ attestation, partial, status }: ReadView, id: string): Round {
  if (partial) throw noWorker(`Only a worker knows the window of ${id}, and none answers.`);
  if (attestation !== undefined) return attestation;
  throw new ProblemError('nothing-to-accept', `Onboarding ${id} is in ${status} and has no attestation.`, {
    onboardingStatus: status,
  });
}
