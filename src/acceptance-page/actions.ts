/** What the signatory does on the page. Each action is a plain form: it works without scripts and may be sent twice. */
import { randomUUID } from 'node:crypto';
import { WorkflowNotFoundError } from '@temporalio/client';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { declineCodes, type DeclineCode, type PageVisit } from '../onboarding/acceptance';
import type { MessageResult } from '../client/messages';
import { type AcceptancePage, NOT_IN_API, type OpenedLink } from './acceptance-page';
import { STATEMENT_ID } from './messages/messages';
import { notSavedView, tooOftenView, unknownLinkView } from './notice-view';
import { addressOf } from './page';
import { isCrossSite } from './same-site';

type Fields = Record<string, string>;
type Action = (link: OpenedLink, fields: Fields, request: FastifyRequest, reply: FastifyReply) => Promise<unknown>;

/** No answer to a press was recorded for sure: the same press may be repeated. */
class NotSavedError extends Error {
  override readonly name = 'NotSavedError';
}

export function registerActions(app: FastifyInstance, page: AcceptancePage): void {
  const act = (path: string, action: Action): void => {
    app.post(`/accept/:token${path}`, NOT_IN_API, (request, reply) => perform(page, path, action, request, reply));
  };
  act('/accepted', (link, fields, request, reply) => accept(page, link, fields, request, reply));
  act('/declined', async (link, fields, _request, reply) => {
    const { onboardingId, runId } = link.target;
    const told = await page.deps.onboardings.decline(onboardingId, declineIn(fields), { runId });
    return backToPage(told, link, reply);
  });
  act('/renew', async (link, _fields, _request, reply) => {
    const { onboardingId, runId } = link.target;
    if (!page.limits.allows(runId, 'renewal')) return page.show(reply, 429, link.context, tooOftenView(link.context));
    return backToPage(await page.deps.onboardings.renewAttestation(onboardingId, runId), link, reply);
  });
  act('/visit', async (link, fields, _request, reply) => {
    const event = fields['event'] === 'frameUsed' ? 'frameUsed' : 'opened';
    await passOnVisit(page, link, event, roundIn(fields));
    return reply.code(204).send();
  });
}

async function perform(
  page: AcceptancePage,
  path: string,
  action: Action,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<unknown> {
  const nowhere = (status: number) => {
    const context = page.contextOf(request);
    return page.show(reply, status, context, unknownLinkView(context));
  };
  if (isCrossSite(request, page.publicHost)) return nowhere(403);
  const fields = (request.body ?? {}) as Fields;
  if (path === '/accepted') fields['acceptanceId'] = acceptanceIdIn(fields);
  let link: OpenedLink | undefined;
  try {
    link = await page.open(request);
    return link === undefined ? nowhere(404) : await action(link, fields, request, reply);
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return nowhere(404);
    page.deps.log.warn({ path, error }, 'What a signatory did could not be saved');
    const context = link?.context ?? page.contextOf(request);
    return page.show(reply, 503, context, notSavedView(context, path, fields));
  }
}

async function accept(
  page: AcceptancePage,
  link: OpenedLink,
  fields: Fields,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<unknown> {
  const acceptedAt = new Date().toISOString();
  const { target, context } = link;
  if (fields['statement'] !== STATEMENT_ID) {
    return page.show(reply, 422, context, page.viewOf(link, await page.runs.stateOf(target), true));
  }
  const round = roundIn(fields);
  const acceptance = {
    source: 'page' as const,
    acceptedAt,
    acceptanceId: acceptanceIdIn(fields),
    ...(round !== undefined && { round }),
    page: {
      statementId: STATEMENT_ID,
      language: context.messages.language,
      ip: request.ip,
      userAgent: request.headers['user-agent']?.slice(0, 512) || 'unknown',
    },
  };
  const [told] = await Promise.all([
    page.deps.onboardings.reportAcceptance(target.onboardingId, acceptance, target.runId),
    // A browser without scripts has reported no visit; whoever presses has seen the page.
    page.limits.hasSeenVisit(target.runId) ? undefined : passOnVisit(page, link, 'opened', round),
  ]);
  if (told.outcome === 'stored') page.runs.noteUnheardAcceptance(target);
  return backToPage(told, link, reply);
}

/** The page then says what has become of it, also where the run refused: what is true now is more than why. */
function backToPage(
  told: MessageResult<unknown> | undefined,
  { context }: OpenedLink,
  reply: FastifyReply,
): FastifyReply {
  if (told === undefined) throw new NotSavedError('No worker has answered in time.');
  return reply.redirect(addressOf(context), 303);
}

/** Evidence at best: nothing fails without it. */
async function passOnVisit(
  { deps, limits }: AcceptancePage,
  { target: { onboardingId, runId } }: OpenedLink,
  event: PageVisit['event'],
  round = 1,
): Promise<void> {
  if (!limits.allows(runId, 'visit')) return;
  try {
    await deps.onboardings.reportVisit(onboardingId, runId, { event, round, at: new Date().toISOString() });
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return; // the run has ended
    deps.log.warn({ error }, 'A visit of the signatory’s page could not be passed on');
  }
}

function declineIn({ code, comment = '' }: Fields): { code: DeclineCode; comment?: string } {
  const text = comment.trim().slice(0, 1000);
  return {
    code: declineCodes.find((known) => known === code) ?? 'other',
    ...(text !== '' && { comment: text }),
  };
}

function roundIn({ round = '' }: Fields): number | undefined {
  return /^[1-9]\d{0,4}$/.test(round) ? Number(round) : undefined;
}

function acceptanceIdIn({ acceptanceId = '' }: Fields): string {
  return /^[\w-]{8,128}$/.test(acceptanceId) ? acceptanceId : randomUUID();
}
