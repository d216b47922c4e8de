/** What a request must look like: JSON bodies, the schemas of routes, the rules of an onboarding request, and methods. */
import type { FastifyInstance, FastifyRequest, FastifySchemaCompiler } from 'fastify';
import type { z } from 'zod';
import { checkRequest, toRequestFaults, type RequestFault, type RequestRules } from '../onboarding/request-schema';
import { callbackRefusals, checkCallbackUrl } from '../webhooks/callback-url';
import { getCaller } from './authentication';
import type { GatewayDependencies } from './dependencies';
import { type FieldError, invalidRequest, ProblemError } from './problems';

/** Reads JSON bodies only. A missing body is not an error here: some routes need none, and the schemas of others require it. */
export function readJsonBodies(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error'); // refuses __proto__ and constructor.prototype
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, text, done) => {
    if (String(text).trim() === '') {
      done(null, undefined);
      return;
    }
    // The parser's own message quotes the text around the error, which may be personal data.
    void parse(request, String(text), (error, body) => {
      if (error) done(new ProblemError('malformed-json', 'Send one JSON document in UTF-8.'));
      // Validators cannot tell null from a missing body, which some routes allow; a list is never valid.
      else done(null, body === null ? [] : body);
    });
  });
}

/** Checks a part of a request by its zod schema and names every fault in one error. */
export const compileValidator: FastifySchemaCompiler<unknown> =
  ({ schema, httpPart }) =>
  (sent: unknown) => {
    const checked = (schema as z.ZodType).safeParse(httpPart === 'body' ? (sent ?? undefined) : sent);
    if (checked.success) return { value: checked.data };
    const faults = toRequestFaults(checked.error, httpPart === 'querystring' ? 'this query' : 'this body');
    return { error: invalidRequest(httpPart === 'querystring' ? faults.map(toParameterFault) : faults) };
  };

function toParameterFault({ pointer, detail }: RequestFault): FieldError {
  return { parameter: pointer.slice(1).replaceAll('~1', '/').replaceAll('~0', '~'), detail };
}

/** Checks a body that is an onboarding request, including the rules that depend on configuration. */
export function requestValidator(deps: GatewayDependencies, { optional }: { optional: boolean }) {
  const rules = buildRules(deps);
  const compiler: FastifySchemaCompiler<unknown> = (part) => {
    if (part.httpPart !== 'body') return compileValidator(part);
    return (sent: unknown) => {
      if (optional && (sent === undefined || sent === null)) return { value: undefined };
      const { request, faults } = checkRequest(sent, rules);
      return faults === undefined ? { value: request } : { error: invalidRequest(faults) };
    };
  };
  return compiler;
}

/** Adds the reseller of the caller's key to a body that names none. @throws ProblemError if it names another */
export async function bindToReseller(request: FastifyRequest): Promise<void> {
  const { resellerId } = getCaller(request);
  const { body } = request;
  if (resellerId === undefined || typeof body !== 'object' || body === null || Array.isArray(body)) return;
  const sent = body as { resellerId?: unknown };
  sent.resellerId ??= resellerId;
  if (sent.resellerId === resellerId) return;
  throw new ProblemError('other-reseller', `This API key starts deals of ${resellerId} only.`, {
    errors: [{ pointer: '/resellerId', detail: `must be ${resellerId}, or be left out` }],
  });
}

function buildRules({ allowPrimaryContactMethod = false, callbacks }: GatewayDependencies): RequestRules {
  return {
    allowPrimaryContactMethod,
    callbackRefusal: (callbackUrl) => {
      if (callbacks === undefined) return 'cannot be used: CRM_CALLBACK_ALLOWED_HOSTS is not set, so no event is sent';
      const refusal = checkCallbackUrl(callbackUrl, callbacks);
      return refusal && `cannot be used: ${callbackRefusals[refusal]}`;
    },
  };
}

/** Collects the routes that are added to `scope` from now on; the function returned answers 405 for their other methods. */
export function answerOtherMethods(scope: FastifyInstance): () => void {
  const known = new Map<string, Set<string>>();
  let isComplete = false;
  scope.addHook('onRoute', ({ url, method }) => {
    if (isComplete) return;
    const methods = known.get(url) ?? new Set();
    known.set(url, methods);
    for (const each of [method].flat()) methods.add(each);
  });
  return () => {
    isComplete = true;
    for (const [url, methods] of known) {
      const allow = [...methods].join(', ');
      scope.route({
        url,
        method: scope.supportedMethods.filter((method) => !methods.has(method)),
        schema: { hide: true },
        onRequest: async () => {
          throw new ProblemError('method-not-allowed', `Allowed: ${allow}.`, {}, { allow });
        },
        handler: async () => undefined,
      });
    }
  };
}
