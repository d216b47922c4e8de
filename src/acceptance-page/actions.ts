/** The signatory's actions on the page. Each one is a plain form: it works without scripts and can be sent twice. */
import { randomUUID } from 'node:crypto';
import { WorkflowNotFoundError } from '@temporalio/client';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { LRUCache } from 'lru-cache';
import type { MessageResult } from '../client/messages';
import { textLimits, declineCodes, type DeclineCode, type PageVisit } from '../onboarding/acceptance';
import { type AcceptancePage, NOT_IN_API, type OpenedLink } from './acceptance-page';
import { buildUrl } from './document';
import { STATEMENT_ID } from './language';
import { notSavedView, tooOftenView } from './notice-view';

type Fields = Record<string, string>;

interface Submission {
  link: OpenedLink;
  fields: Fields;
  request: FastifyRequest;
  reply: FastifyReply;
}

export function registerActions(app: FastifyInstance, page: AcceptancePage): void {
  const { onboardings, log } = page.deps;
  const limits = new ActionLimits();

  const addAction = (path: string, action: (submission: Submission) => Promise<unknown>): void => {
    app.post(`/accept/:token${path}`, NOT_IN_API, async (request, reply) => {
      if (isCrossSite(request, page.publicHost)) return page.showUnknownLink(request, reply, 403);
      const fields = (request.body ?? {}) as Fields;
      if (path === '/accepted') fields['acceptanceId'] = parseAcceptanceId(fields); // the same when it is sent again
      let link: OpenedLink | undefined;
      try {
        link = await page.open(request);
        return await action({ link, fields, request, reply });
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) return page.showUnknownLink(request, reply, 404);
        log.warn({ path, error }, 'The signatory’s action could not be saved');
        const context = link?.context ?? page.buildContext(request);
        return page.show(reply, 503, context, notSavedView(context, path, fields));
      }
    });
  };

  /** Visits are only evidence, so no action fails because its visit could not be reported. */
  const reportVisit = async ({ target }: OpenedLink, event: PageVisit['event'], round = 1): Promise<void> => {
    if (!limits.allows(target.runId, 'visit')) return;
    try {
      const visit = { event, round, at: new Date().toISOString() };
      await onboardings.reportVisit(target.onboardingId, target.runId, visit);
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return; // the run has ended
      log.warn({ error }, 'A visit to the signatory’s page could not be reported');
    }
  };

  addAction('/accepted', async ({ link, fields, request, reply }) => {
    const acceptedAt = new Date().toISOString();
    const { target, context } = link;
    if (fields['statement'] !== STATEMENT_ID) {
      return page.show(reply, 422, context, page.buildView(link, await page.runs.getState(target), true));
    }
    const round = parseRound(fields);
    const acceptance = {
      source: 'page' as const,
      acceptedAt,
      acceptanceId: parseAcceptanceId(fields),
      round,
      page: {
        statementId: STATEMENT_ID,
        language: context.language,
        ip: request.ip,
        userAgent: request.headers['user-agent']?.slice(0, 512) || 'unknown',
      },
    };
    const [result] = await Promise.all([
      onboardings.reportAcceptance(target.onboardingId, acceptance, target.runId),
      // A browser without scripts has not reported that the page was opened.
      limits.hasSeenVisit(target.runId) ? undefined : reportVisit(link, 'opened', round),
    ]);
    if (result.outcome === 'stored') page.runs.noteUnreadAcceptance(target);
    return redirectToPage(result, link, reply);
  });

  addAction('/declined', async ({ link, fields, reply }) => {
    const { onboardingId, runId } = link.target;
    return redirectToPage(await onboardings.reportDecline(onboardingId, parseDecline(fields), { runId }), link, reply);
  });

  addAction('/renew', async ({ link, reply }) => {
    const { onboardingId, runId } = link.target;
    if (!limits.allows(runId, 'renewal')) return page.show(reply, 429, link.context, tooOftenView(link.context));
    return redirectToPage(await onboardings.renewAttestation(onboardingId, runId), link, reply);
  });

  addAction('/visit', async ({ link, fields, reply }) => {
    await reportVisit(link, fields['event'] === 'frameUsed' ? 'frameUsed' : 'opened', parseRound(fields));
    return reply.code(204).send();
  });
}

/**
 * Whether another site's page sent this form. Current browsers say so in Sec-Fetch-Site. Older ones send only Origin,
 * which is `null` for our own forms too, because the page sends no referrer; the token, which no other site knows, then
 * protects the form. `publicHost` counts as our own host, because a proxy may replace the host of the request.
 */
function isCrossSite({ headers, host }: FastifyRequest, publicHost: string): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site !== 'same-origin' && site !== 'none';
  const { origin } = headers;
  if (origin === undefined || origin === 'null') return false;
  return !URL.canParse(origin) || ![host, publicHost].includes(new URL(origin).host);
}

/** The page then shows the run's state, also when the run refused: that says more than the reason for the refusal. */
function redirectToPage(result: MessageResult<unknown> | undefined, { context }: OpenedLink, reply: FastifyReply) {
  if (result === undefined) throw new Error('No worker answered in time.');
  return reply.redirect(buildUrl(context), 303);
}

function parseDecline({ code, comment = '' }: Fields): { code: DeclineCode; comment?: string } {
  return {
    code: declineCodes.find((known) => known === code) ?? 'other',
    comment: comment.trim().slice(0, textLimits.comment) || undefined,
  };
}

function parseRound({ round = '' }: Fields): number | undefined {
  return /^[1-9]\d{0,4}$/.test(round) ? Number(round) : undefined;
}

function parseAcceptanceId({ acceptanceId = '' }: Fields): string {
  return /^[\w-]{8,128}$/.test(acceptanceId) ? acceptanceId : randomUUID();
}

/** Per run: more than a person needs, and few enough for the run's history. */
const LIMITS = { visit: 200, renewal: 100 };

/** Limits how often one link can report a visit or ask for a renewal. Counts in this process; the run has its own limits. */
export class ActionLimits {
  private readonly counts = new LRUCache<string, number>({ max: 40_000 });

  /** Counts the action and returns whether it is within the limit. */
  allows(runId: string, action: keyof typeof LIMITS): boolean {
    const key = `${action} ${runId}`;
    const count = this.counts.get(key) ?? 0;
    this.counts.set(key, count + 1);
    return count < LIMITS[action];
  }

  /** Whether this process has reported a visit to that run. */
  hasSeenVisit(runId: string): boolean {
    return this.counts.has(`visit ${runId}`);
  }
}
