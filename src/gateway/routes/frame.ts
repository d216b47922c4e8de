/** What the partner shows the signatory: the address of Microsoft's iframe, and the link to our own page. */
import { z } from 'zod';
import type { OnboardingClient } from '../../client/onboarding-client';
import { buildMicrosoftPageUrl } from '../../onboarding/acceptance-link';
import { usesPrimaryContact } from '../../onboarding/request';
import type { OnboardingView } from '../../onboarding/view';
import { instant } from '../../onboarding/view-schema';
import { type Api, idSchema, jsonAnswer, getWriteProblems, readOpenRun, toRefusal } from '../api';
import { getVisibleId } from '../authentication';
import type { GatewayDependencies } from '../dependencies';
import { notOpen, ProblemError } from '../problems';

const frameSchema = z
  .object({
    url: z.string().meta({ description: 'Microsoft’s page for an iframe: a secret, for the signatory only.' }),
    round: z.int(),
    expiresAt: instant('The customer can accept until this time.'),
  })
  .meta({ id: 'AcceptanceFrame' });

const linkSchema = z
  .object({ acceptanceUrl: z.string(), acceptBy: instant('When the link expires.').optional() })
  .meta({ id: 'AcceptanceLink' });

/** A renewal waits for Partner Center, for 10 s at most; the calls before and after it take their time too. */
const RENEWED_WITHIN_MS = 15_000;

export function addFrameRoutes(api: Api, { onboardings, links, microsoftPageUrl }: GatewayDependencies): void {
  api.route({
    method: 'POST',
    url: '/v1/onboardings/:id/frame',
    schema: {
      operationId: 'openFrame',
      summary: 'Get the URL for Microsoft’s iframe; an expired one is renewed',
      description: 'For partners whose own checkout shows it. A renewal waits for Partner Center, for 10 s at most.',
      params: idSchema,
      response: {
        200: jsonAnswer('Valid until expiresAt.', frameSchema),
        ...getWriteProblems(
          'onboarding-not-found',
          'nothing-to-accept',
          'refused',
          'not-open',
          'no-worker',
          'frame-not-ready',
        ),
      },
    },
    config: { answerWithinMs: RENEWED_WITHIN_MS },
    handler: async (call) => {
      const { id: attestationId, round, expiresAt } = await getLiveRound(onboardings, getVisibleId(call));
      return { url: buildMicrosoftPageUrl(microsoftPageUrl, attestationId), round, expiresAt };
    },
  });

  api.route({
    method: 'POST',
    url: '/v1/onboardings/:id/link',
    schema: {
      operationId: 'getLink',
      summary: 'Get the URL of the signatory’s page',
      description: 'The page of the newest attempt; the URL is the same every time.',
      params: idSchema,
      response: {
        200: jsonAnswer('The URL to send to the signatory.', linkSchema),
        ...getWriteProblems('onboarding-not-found', 'nothing-to-accept', 'not-open'),
      },
    },
    handler: async (call) => {
      const id = getVisibleId(call);
      const { runId, acceptBy } = await readOpenRun(onboardings, id);
      if (usesPrimaryContact(await onboardings.request(id, runId))) {
        const detail = `Onboarding ${id} has no page for the customer: it uses the primary contact method.`;
        throw new ProblemError('nothing-to-accept', detail);
      }
      return { acceptanceUrl: links.getUrl({ onboardingId: id, runId }), acceptBy };
    },
  });
}

/** The attestation in which the customer can accept; one that has expired is renewed first. @throws ProblemError */
async function getLiveRound(onboardings: OnboardingClient, id: string) {
  const { summary, view } = await onboardings.summaryThenView(id);
  const { isOpen, status, runId } = summary;
  if (!isOpen) throw notOpen(id, status);
  const before = requireAttestation(await view(), id);
  if (before.live) return before;

  const result = await onboardings.renewAttestation(id, runId);
  switch (result?.outcome) {
    case 'recorded': {
      const renewed = requireAttestation(await onboardings.view(id, runId), id);
      if (renewed.live) return renewed;
      break;
    }
    case 'refused':
      throw new ProblemError('refused', result.message, { reason: result.type, onboardingStatus: status });
    case 'notOpen':
      throw await toRefusal(onboardings, id, result);
    case 'stored':
    case undefined:
      break;
  }
  const detail = `The attestation of ${id} had expired, and a new one was not created in time. Ask again: it may exist by then.`;
  throw new ProblemError('frame-not-ready', detail);
}

function requireAttestation({ attestation, partial, status }: OnboardingView, id: string) {
  if (partial) throw new ProblemError('no-worker', `Only a worker knows the URL for ${id}, and none answered.`);
  if (attestation !== undefined) return attestation;
  throw new ProblemError('nothing-to-accept', `Onboarding ${id} is in ${status} and has no attestation.`, {
    onboardingStatus: status,
  });
}
