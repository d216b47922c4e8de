/** The signatory's page: the only part of an onboarding that the customer sees. */
import formbody from '@fastify/formbody';
import { WorkflowNotFoundError } from '@temporalio/client';
import type { FastifyInstance } from 'fastify';
import { AcceptancePage, type AcceptancePageDependencies, NOT_IN_API } from './acceptance-page';
import { registerActions } from './actions';
import type { PageStatus } from './browser/shared';
import { securityHeaders } from './headers';
import { unavailableView } from './notice-view';
import { toPageStatus } from './page-state';

/** A link's token is one segment of the path, for which fastify's own limit is 100 characters. */
export const MIN_PARAM_LENGTH = 512;
const MAX_FORM_BYTES = 16_384; // a comment of 1,000 characters of four bytes, percent-encoded
const RETRY_AFTER_SECONDS = 5;

/**
 * Adds `GET /accept/{token}`, its status, and the forms of the page to an app that was built with
 * `routerOptions: { maxParamLength: MIN_PARAM_LENGTH }`.
 */
export function registerAcceptancePage(app: FastifyInstance, deps: AcceptancePageDependencies): void {
  const page = new AcceptancePage(deps);
  const headers = securityHeaders(deps.microsoftPageUrl, deps.frameAncestors);
  void app.register(async (scope) => {
    scope.addHook('onRequest', async (_request, reply) => {
      void reply.headers(headers);
    });
    await scope.register(formbody, {
      bodyLimit: MAX_FORM_BYTES,
      // If a field is sent twice, the last value counts; the plugin's own parser would return both as a list.
      parser: (body) => Object.fromEntries(new URLSearchParams(body)),
    });
    registerReads(scope, page);
    registerActions(scope, page);
  });
}

/** The page and its status. They change nothing, because mail scanners open links too. */
function registerReads(app: FastifyInstance, page: AcceptancePage): void {
  const { log } = page.deps;
  app.get('/accept/:token', NOT_IN_API, async (request, reply) => {
    try {
      const link = await page.open(request);
      return page.show(reply, 200, link.context, page.buildView(link, await page.runs.getState(link.target)));
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return page.showUnknownLink(request, reply, 404);
      log.warn({ error }, 'The signatory’s page could not be shown');
      const context = page.buildContext(request);
      return page.show(reply.header('retry-after', RETRY_AFTER_SECONDS), 503, context, unavailableView(context));
    }
  });

  app.get('/accept/:token/status', NOT_IN_API, async (request, reply): Promise<PageStatus> => {
    try {
      const { target } = await page.open(request);
      return toPageStatus(await page.runs.getState(target));
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) {
        void reply.code(404);
        return { state: 'unknown', version: 'unknown' };
      }
      log.warn({ error }, 'The status of the signatory’s page could not be read');
      void reply.code(503).header('retry-after', RETRY_AFTER_SECONDS);
      return { state: 'unavailable' };
    }
  });
}
