import type { FastifyRequest, FastifySchemaCompiler } from 'fastify';
import { checkCallbackUrl, callbackRefusals } from '../webhooks/callback-url';
import { checkRequest, type RequestRules } from '../onboarding/check-request';
import { callerOf } from './authentication';
import type { GatewayDependencies } from './dependencies';
import { ProblemError } from './problem';
import { compileValidator, invalidRequest } from './validation';

/** Checks a body that is an onboarding request by all its rules, also those that configuration decides on. */
export function requestValidator(deps: GatewayDependencies, { optional }: { optional: boolean }) {
  const rules = rulesOf(deps);
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

/** A key of one reseller stands for it: a body that names none is that reseller's, one of another is refused. */
export async function bindToReseller(request: FastifyRequest): Promise<void> {
  const { resellerId } = callerOf(request);
  const { body } = request;
  if (resellerId === undefined || typeof body !== 'object' || body === null || Array.isArray(body)) return;
  const sent = body as { resellerId?: unknown };
  sent.resellerId ??= resellerId;
  if (sent.resellerId === resellerId) return;
  throw new ProblemError('other-reseller', `This API key starts deals of ${resellerId} only.`, {
    errors: [{ pointer: '/resellerId', detail: `must be ${resellerId}, or be left out` }],
  });
}

function rulesOf({ allowPrimaryContactMethod = false, callbacks }: GatewayDependencies): RequestRules {
  return {
    allowPrimaryContactMethod,
    callbackRefusal: (callbackUrl) => {
      if (callbacks === undefined) return 'cannot be used: CRM_CALLBACK_ALLOWED_HOSTS is not set, so no event is sent';
      const refusal = checkCallbackUrl(callbackUrl, callbacks);
      return refusal && `cannot be used: ${callbackRefusals[refusal]}`;
    },
  };
}
