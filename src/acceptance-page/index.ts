/** The signatory's page: the only part of an onboarding that the customer sees. */
import type { FastifyInstance } from 'fastify';
import { AcceptancePage, type AcceptancePageDependencies } from './acceptance-page';
import { registerActions } from './actions';
import { securityHeaders } from './headers';
import { registerReads } from './reads';

export type { AcceptancePageDependencies } from './acceptance-page';

/** A link's token is one segment of the path; fastify's own limit for one is 100 characters. */
export const MIN_PARAM_LENGTH = 512;
const MAX_FORM_BYTES = 16_384; // a comment of 1,000 characters of four bytes, percent-encoded

/**
 * Adds `GET /accept/{token}`, its status, and the forms of the page to an app that was built with
 * `routerOptions: { maxParamLength: MIN_PARAM_LENGTH }`.
 */
export function registerAcceptancePage(app: FastifyInstance, deps: AcceptancePageDependencies): void {
  const headers = securityHeaders(deps.acceptanceUrl, deps.frameAncestors);
  const page = new AcceptancePage(deps);
  void app.register((scope, _options, done) => {
    scope.addHook('onRequest', async (_request, reply) => {
      void reply.headers(headers);
    });
    scope.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string', bodyLimit: MAX_FORM_BYTES },
      (_request, body, parsed) => parsed(null, Object.fromEntries(new URLSearchParams(String(body)))),
    );
    registerReads(scope, page);
    registerActions(scope, page);
    done();
  });
}
