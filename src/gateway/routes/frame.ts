/** What the partner shows the signatory: the address of Microsoft's iframe, and the link to our own page. */
import { z } from 'zod';
import type { OnboardingClient } from '../../client/onboarding-client';
import type { ReadView } from '../../client/view';
import { usesPrimaryContact } from '../../onboarding/request';
import type { OnboardingView } from '../../onboarding/view';
import { type Api, idSchema, instant, problemsOfWrite, withinDeadline } from '../api';
import { getVisibleId } from '../authentication';
import type { GatewayDependencies } from '../dependencies';
import { ended, frameNotReady, noWorker, ProblemError } from '../problems';

const frameSchema = z
  .object({
    url: z.string().meta({ description: 'Microsoft’s page for an iframe: a secret, for the signatory only.' }),
    round: z.int(),
    expiresAt: instant('When the page stops taking an acceptance.'),
  })
  .meta({ id: 'AcceptanceFrame' });

const linkSchema = z
  .object({ acceptanceUrl: z.string(), acceptBy: instant('The end of the link.').optional() })
  .meta({ id: 'AcceptanceLink' });

type Round = NonNullable<OnboardingView['attestation']>;

/** A renewal waits for Partner Center, for 10 s at most; the calls before and after it take their time too. */
const RENEWED_WITHIN_MS = 15_000;

export function addFrameRoutes(api: Api, { onboardings, links, acceptanceUrl }: GatewayDependencies): void {
  api.route({
    method: 'POST',
    url: '/v1/onboardings/:id/frame',
    schema: {
      operationId: 'openFrame',
      summary: 'The address of Microsoft’s iframe, renewed if it has expired',
      description: 'For partners whose own checkout shows it. A renewal waits for Partner Center, for 10 s at most.',
      params: idSchema,
      response: {
        200: { description: 'Valid until expiresAt.', content: { 'application/json': { schema: frameSchema } } },
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
          const { id: attestationId, round, expiresAt } = await getLiveRound(onboardings, getVisibleId(call));
          const url = new URL(acceptanceUrl);
          url.searchParams.set('attestationid', attestationId); // in lower case, as Microsoft's page reads it
          return { url: url.href, round, expiresAt };
        },
        RENEWED_WITHIN_MS,
      ),
  });

  api.route({
    method: 'POST',
    url: '/v1/onboardings/:id/link',
    schema: {
      operationId: 'getLink',
      summary: 'The address of the signatory’s page again',
      description: 'Of the last attempt; it is the same address every time.',
      params: idSchema,
      response: {
        200: { description: 'For the signatory.', content: { 'application/json': { schema: linkSchema } } },
        ...problemsOfWrite('onboarding-not-found', 'nothing-to-accept', 'not-open'),
      },
    },
    handler: (call) =>
      withinDeadline(onboardings, async () => {
        const id = getVisibleId(call);
        const { isOpen, status, runId, acceptBy } = await onboardings.summary(id);
        if (!isOpen) throw ended(id, status);
        if (usesPrimaryContact(await onboardings.request(id, runId))) {
          throw new ProblemError(
            'nothing-to-accept',
            `Onboarding ${id} asks no customer: it uses the primary contact method.`,
          );
        }
        return { acceptanceUrl: links.getUrl({ onboardingId: id, runId }), acceptBy };
      }),
  });
}

/** The attestation in which the customer can accept; one that has expired is renewed first. @throws ProblemError */
async function getLiveRound(onboardings: OnboardingClient, id: string): Promise<Round> {
  const { summary, view } = await onboardings.summaryThenView(id);
  const { isOpen, status, runId } = summary;
  if (!isOpen) throw ended(id, status);
  const before = getRound(await view(), id);
  if (before.live) return before;

  const result = await onboardings.renewAttestation(id, runId);
  switch (result?.outcome) {
    case 'recorded': {
      const renewed = getRound(await onboardings.view(id, runId), id);
      if (renewed.live) return renewed;
      throw frameNotReady(id);
    }
    case 'refused':
      throw new ProblemError('refused', result.message, { reason: result.type, onboardingStatus: status });
    case 'notOpen':
      throw ended(id, (await onboardings.summary(id)).status);
    case 'stored':
    case undefined:
      throw frameNotReady(id);
  }
}

function getRound({ attestation, partial, status }: ReadView, id: string): Round {
  if (partial) throw noWorker(`Only a worker knows the address for ${id}, and none answers.`);
  if (attestation !== undefined) return attestation;
  throw new ProblemError('nothing-to-accept', `Onboarding ${id} is in ${status} and has no attestation.`, {
    onboardingStatus: status,
  });
}
