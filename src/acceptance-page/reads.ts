/** What the page reads. Nothing here changes anything: mail scanners open links too. */
import { WorkflowNotFoundError } from '@temporalio/client';
import type { FastifyInstance } from 'fastify';
import type { PageStatus } from './browser/shared';
import { type AcceptancePage, NOT_IN_API, type OpenedLink } from './acceptance-page';
import { unavailableView, unknownLinkView } from './notice-view';
import { type PageState, statusOf } from './page-state';

const RETRY_AFTER_SECONDS = 5;

export function registerReads(app: FastifyInstance, page: AcceptancePage): void {
  app.get('/accept/:token', NOT_IN_API, async (request, reply) => {
    try {
      const seen = await seenBy(() => page.open(request), page);
      if (seen === undefined) {
        const context = page.contextOf(request);
        return page.show(reply, 404, context, unknownLinkView(context));
      }
      return page.show(reply, 200, seen.link.context, page.viewOf(seen.link, seen.state));
    } catch (error) {
      logUnavailable(page, error);
      const context = page.contextOf(request);
      return page.show(reply.header('retry-after', RETRY_AFTER_SECONDS), 503, context, unavailableView(context));
    }
  });

  app.get('/accept/:token/status', NOT_IN_API, async (request, reply): Promise<PageStatus> => {
    try {
      const seen = await seenBy(() => page.open(request), page);
      if (seen !== undefined) return statusOf(seen.state);
      void reply.code(404);
      return { state: 'unknown', version: 'unknown' };
    } catch (error) {
      logUnavailable(page, error);
      void reply.code(503).header('retry-after', RETRY_AFTER_SECONDS);
      return { state: 'unavailable' };
    }
  });
}

/** The link and its run's state; `undefined` where there is no such link or Temporal has forgotten the run. */
async function seenBy(
  open: () => Promise<OpenedLink | undefined>,
  { runs }: AcceptancePage,
): Promise<{ link: OpenedLink; state: PageState } | undefined> {
  try {
    const link = await open();
    return link && { link, state: await runs.stateOf(link.target) };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
}

function logUnavailable({ deps }: AcceptancePage, error: unknown): void {
  deps.log.warn({ error }, 'The signatory’s page could not be shown');
}
