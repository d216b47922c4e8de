/** Starting the onboarding of a closed deal, and starting it again. */
import { z } from 'zod';
import type { RunSummary } from '../../client/view';
import type { AcceptanceLinks } from '../../onboarding/acceptance-link';
import { getOnboardingId } from '../../onboarding/ids';
import { getDocumentLanguages } from '../../onboarding/countries';
import { type OnboardingRequest, usesPrimaryContact } from '../../onboarding/request';
import { onboardingRequestSchema } from '../../onboarding/request-schema';
import { toPublicView } from '../../onboarding/view';
import { onboardingSchema, statusSchema } from '../../onboarding/view-schema';
import { type Api, idSchema, jsonAnswer, getWriteProblems } from '../api';
import { getVisibleId } from '../authentication';
import type { GatewayDependencies } from '../dependencies';
import { invalidRequest, ProblemError } from '../problems';
import { bindToReseller, requestValidator } from '../requests';

const actions = ['acceptance', 'frame', 'link', 'decline', 'cancel', 'retry', 'restart'] as const;

const linksSchema = z
  .object({ self: z.string(), ...Object.fromEntries(actions.map((action) => [action, z.string()])) })
  .meta({ id: 'OnboardingLinks', description: 'Paths of the onboarding and of its actions.' });

const fieldNote = z.object({ pointer: z.string(), detail: z.string() }).meta({ id: 'FieldNote' });

const started = {
  id: z.string().meta({ description: 'dealId, or resellerId:dealId for a reseller’s deal.' }),
  status: statusSchema,
  attempt: z.int(),
  acceptanceUrl: z
    .string()
    .meta({
      description: 'The signatory’s page; absent once the onboarding has ended, and for the primary contact method.',
    })
    .optional(),
  links: linksSchema,
  warnings: z.array(fieldNote).meta({ description: 'Values that are accepted but possibly not intended.' }).optional(),
};

const startedSchema = z.object(started).meta({ id: 'StartedOnboarding' });

const knownSchema = z
  .object({
    ...started,
    ignored: z
      .array(z.string())
      .meta({ description: 'Members that differ; the values that were sent first are kept.' }),
    onboarding: onboardingSchema,
  })
  .meta({ id: 'KnownOnboarding' });

export function addStartRoutes(api: Api, deps: GatewayDependencies): void {
  const { onboardings, links } = deps;

  api.route({
    method: 'POST',
    url: '/v1/onboardings',
    schema: {
      operationId: 'startOnboarding',
      summary: 'Start the onboarding of a closed deal',
      description:
        'Safe to repeat: the same deal with the same content (customerId, attestation, agreement) is never started twice, and other content is refused.',
      body: onboardingRequestSchema,
      response: {
        202: jsonAnswer('Started.', startedSchema),
        200: jsonAnswer('The deal exists with the same content.', knownSchema),
        ...getWriteProblems('other-reseller', 'known-with-other-content'),
      },
    },
    preValidation: bindToReseller,
    validatorCompiler: requestValidator(deps, { optional: false }),
    handler: async (call, reply) => {
      const request = call.body as OnboardingRequest;
      const id = getOnboardingId(request);
      const result = await onboardings.start(request);
      void reply.header('location', toPath(id));
      switch (result.outcome) {
        case 'started':
          void reply.code(202);
          return toStartedBody(request, { ...result, isOpen: true }, links);
        case 'known': {
          const { summary, view: readView } = await onboardings.summaryThenView(id);
          const view = await readView();
          void reply.code(200);
          return {
            ...toStartedBody(request, { ...summary, status: view.status }, links),
            ignored: result.ignored,
            onboarding: toPublicView(view),
          };
        }
        case 'conflict':
          throw new ProblemError(
            'known-with-other-content',
            `Deal ${id} already exists with different content; nothing was changed. A deal that ended without an agreement can be restarted.`,
            { differing: result.differing },
          );
      }
    },
  });

  api.route({
    method: 'POST',
    url: '/v1/onboardings/:id/restart',
    schema: {
      operationId: 'restartOnboarding',
      summary: 'Restart an onboarding that ended without an agreement',
      description:
        'After expired, declined, attestationRejected, cancelled or failed. The body is a whole request of the same deal, or empty, which repeats the last request. A link belongs to the attempt that it was made for; after a restart its page says that there is a newer request.',
      params: idSchema,
      body: onboardingRequestSchema.optional(),
      response: {
        202: jsonAnswer('Started again.', startedSchema),
        ...getWriteProblems('other-reseller', 'onboarding-not-found', 'still-open', 'agreement-exists'),
      },
    },
    preValidation: bindToReseller,
    validatorCompiler: requestValidator(deps, { optional: true }),
    handler: async (call, reply) => {
      const id = getVisibleId(call);
      const sent = call.body as OnboardingRequest | undefined;
      if (sent !== undefined && getOnboardingId(sent) !== id) {
        const detail = `must name, together with resellerId, the deal in the path: ${id}`;
        throw invalidRequest([{ pointer: '/dealId', detail }]);
      }
      const result = await onboardings.restart(id, sent);
      switch (result.outcome) {
        case 'restarted':
          void reply.code(202).header('location', toPath(id));
          return toStartedBody(result.request, { ...result, isOpen: true }, links);
        case 'open':
          throw new ProblemError('still-open', `Onboarding ${id} is in ${result.status}: end it first.`, {
            onboardingStatus: result.status,
          });
        case 'agreementExists':
          throw new ProblemError('agreement-exists', `Onboarding ${id} ended with an agreement.`, {
            onboardingStatus: result.status,
          });
      }
    },
  });
}

/** The body of an answer to a start: what to send to the customer, and what can be done next. */
function toStartedBody(
  request: OnboardingRequest,
  { runId, status, attempt, isOpen }: Pick<RunSummary, 'runId' | 'status' | 'attempt' | 'isOpen'>,
  links: AcceptanceLinks,
) {
  const id = getOnboardingId(request);
  const warnings = findWarnings(request);
  const hasPage = isOpen && !usesPrimaryContact(request);
  const path = toPath(id);
  return {
    id,
    status,
    attempt,
    acceptanceUrl: hasPage ? links.getUrl({ onboardingId: id, runId }) : undefined,
    links: { self: path, ...Object.fromEntries(actions.map((action) => [action, `${path}/${action}`])) },
    warnings: warnings.length > 0 ? warnings : undefined,
  };
}

function toPath(id: string): string {
  return `/v1/onboardings/${id}`;
}

/** A language without a known document of the agreement is only a warning: it may be new, or English is shown. */
function findWarnings({ attestation }: OnboardingRequest): { pointer: string; detail: string }[] {
  if (attestation === undefined) return [];
  const { country, language } = attestation;
  const known = getDocumentLanguages(country);
  if (known.length === 0 || known.includes(language)) return [];
  const detail = `is not known as a language of the agreement in ${country}, which has ${known.join(', ')}: Partner Center may refuse it, or show another one`;
  return [{ pointer: '/attestation/language', detail }];
}
