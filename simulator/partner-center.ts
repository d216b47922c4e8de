/** What every Partner Center call passes before its own rules: token, audience, throttling, partner type, customer. */
import { z } from 'zod';
import { classicError, emptyForbidden, throttled } from './errors';
import type { Answer, Call } from './operation';
import type { Handler } from './serve';
import type { TokenKind } from './tokens';
import type { World } from './world';

/** Partner Center's API by address and by the id of its enterprise application. */
const AUDIENCES = ['https://api.partnercenter.microsoft.com', 'fa3d9a0c-3fb0-42cc-9193-47c7ecd2edbd'];

export interface Access {
  /** The kinds of token the documents allow. */
  kinds: readonly TokenKind[];
  unauthorized: () => Answer;
  /** What an indirect reseller gets; absent = the call is open to it. */
  refusesReseller?: () => Answer;
}

export const OPEN_TO_ALL: Access = {
  kinds: ['appOnly', 'appPlusUser'],
  unauthorized: () => classicError(401, 800001, 'The partner token is missing, invalid or expired.'),
};
export const AGREEMENT_WRITE: Access = { ...OPEN_TO_ALL, kinds: ['appOnly'], refusesReseller: emptyForbidden };
export const AGREEMENT_READ: Access = { ...OPEN_TO_ALL, kinds: ['appPlusUser'], refusesReseller: emptyForbidden };

/** The handler behind the checks that come before it. */
export function guarded(access: Access, handler: Handler): Handler {
  return (world, call) => accessFault(world, access, call) ?? customerFault(world, call) ?? handler(world, call);
}

function accessFault(world: World, access: Access, call: Call): Answer | undefined {
  const { switches } = world;
  const token = /^Bearer (.+)$/i.exec(call.headers['authorization'] ?? '')?.[1];
  const claims = token === undefined ? undefined : world.tokens.verify(token);
  if (!claims) return access.unauthorized();
  if (!AUDIENCES.includes(claims.aud.replace(/\/$/, '').toLowerCase())) {
    return classicError(401, 900420, `The token's audience "${claims.aud}" is invalid.`);
  }
  if (world.throttle.exceeds(switches.throttle, call.customerId)) return throttled(1);
  if (switches.partnerType === 'indirectReseller' && access.refusesReseller) return access.refusesReseller();
  if (access.kinds.includes(claims.kind)) return undefined;
  // Only App-only is documented for the two POSTs; how App+User is refused there is not.
  if (claims.kind === 'appPlusUser') return classicError(403, 1002, 'Authorization Failed');
  if (switches.agreementGetsAllowAppOnly) return undefined;
  return classicError(403, 900329, 'The resource does not support application-only authentication.');
}

function customerFault({ switches }: World, { customerId: id, params }: Call): Answer | undefined {
  if (!('customerId' in params)) return undefined;
  if (!z.guid().safeParse(id).success) return classicError(400, 900118, `The customer id "${id}" is invalid.`);
  if (switches.unknownCustomers.includes(id)) return classicError(404, 60003, 'The tenant was not found.');
  if (!switches.unrelatedCustomers.includes(id)) return undefined;
  return classicError(403, 20002, 'The partner has no commerce relationship with the customer.');
}

/** The body's JSON object, or a sentence on why there is none. */
export function jsonObject(call: Call): Record<string, unknown> | string {
  if (!call.headers['content-type']?.includes('json')) return 'The request must be sent as application/json.';
  try {
    const value: unknown = JSON.parse(call.rawBody);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'The body must be a JSON object.';
    return value as Record<string, unknown>;
  } catch {
    return 'The request body is not valid JSON.';
  }
}

/** Partner Center's envelope around lists; `uri` relative to the versioned base. */
export function collection(items: readonly object[], uri: string, links: object = {}): Answer {
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
