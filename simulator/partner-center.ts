/** The checks before every call to Partner Center: token, audience, throttling, partner type, customer. */
import { z } from 'zod';
import type { TokenKind } from './access-tokens';
import { classicError, emptyForbidden, throttled } from './errors';
import type { Answer, Call } from './operations';
import type { Handler, Simulation } from './simulation';

/** Partner Center's API by URL and by the id of its enterprise application. */
const AUDIENCES = ['https://api.partnercenter.microsoft.com', 'fa3d9a0c-3fb0-42cc-9193-47c7ecd2edbd'];

export interface Access {
  /** The kinds of token that the documentation allows. */
  kinds: readonly TokenKind[];
  unauthorized: () => Answer;
  /** The answer to an indirect reseller; absent = resellers are allowed. */
  refuseReseller?: () => Answer;
}

export const ANY_TOKEN: Access = {
  kinds: ['appOnly', 'appPlusUser'],
  unauthorized: () => classicError(401, 800001, 'The partner token is missing, invalid or expired.'),
};
export const AGREEMENT_WRITE: Access = { ...ANY_TOKEN, kinds: ['appOnly'], refuseReseller: emptyForbidden };
export const AGREEMENT_READ: Access = { ...ANY_TOKEN, kinds: ['appPlusUser'], refuseReseller: emptyForbidden };

/** Runs the checks before the handler. */
export function withAccess(access: Access, handler: Handler): Handler {
  return (simulation, call) =>
    checkAccess(simulation, access, call) ?? checkCustomer(simulation, call) ?? handler(simulation, call);
}

function checkAccess(simulation: Simulation, access: Access, call: Call): Answer | undefined {
  const { switches } = simulation;
  const token = /^Bearer (.+)$/i.exec(call.headers['authorization'] ?? '')?.[1];
  const claims = token === undefined ? undefined : simulation.tokens.verify(token);
  if (!claims) return access.unauthorized();
  if (!AUDIENCES.includes(claims.aud.replace(/\/$/, '').toLowerCase())) {
    return classicError(401, 900420, `The token's audience "${claims.aud}" is invalid.`);
  }
  if (simulation.throttle.exceeds(switches.throttle, call.customerId)) return throttled(1);
  if (switches.partnerType === 'indirectReseller' && access.refuseReseller) return access.refuseReseller();
  if (access.kinds.includes(claims.kind)) return undefined;
  // The two POSTs are documented for App-only; the refusal of App+User is undocumented.
  if (claims.kind === 'appPlusUser') return classicError(403, 1002, 'Authorization Failed');
  if (switches.agreementGetsAllowAppOnly) return undefined;
  return classicError(403, 900329, 'The resource does not support application-only authentication.');
}

function checkCustomer({ switches }: Simulation, { customerId: id, params }: Call): Answer | undefined {
  if (!('customerId' in params)) return undefined;
  if (!z.guid().safeParse(id).success) return classicError(400, 900118, `The customer id "${id}" is invalid.`);
  if (switches.unknownCustomers.includes(id)) return classicError(404, 60003, 'The tenant was not found.');
  if (!switches.unrelatedCustomers.includes(id)) return undefined;
  return classicError(403, 20002, 'The partner has no commerce relationship with the customer.');
}

/** The body's JSON object, or a message that says why the body is invalid. */
export function parseJsonObject(call: Call): Record<string, unknown> | string {
  if (!call.headers['content-type']?.includes('json')) return 'The request must be sent as application/json.';
  try {
    const value: unknown = JSON.parse(call.rawBody);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'The body must be a JSON object.';
    return value as Record<string, unknown>;
  } catch {
    return 'The request body is not valid JSON.';
  }
}

/** Partner Center's envelope of a list; `uri` is relative to the base URL with its version. */
export function buildCollection(items: readonly object[], uri: string, links: object = {}): Answer {
  return {
    status: 200,
    body: {
      totalCount: items.length,
      items,
      links: { self: { uri, method: 'GET', headers: [] }, ...links },
      attributes: { objectType: 'Collection' },
    },
  };
}
