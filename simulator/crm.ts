/** The CRM: takes signed events, and shows whether their signatures hold. */
import { Webhook } from 'standardwebhooks';
import type { Answer, Call } from './operation';
import type { World } from './world';

/** Whether an event's signature holds; null where no secret is known that it could be checked with. */
export function isVerified({ switches }: World, { headers, rawBody }: Call): boolean | null {
  if (switches.crmSecret === null) return null;
  try {
    new Webhook(switches.crmSecret).verify(rawBody, headers, { jsonParse: false });
    return true;
  } catch {
    return false;
  }
}

export function receiveEvent(world: World, call: Call): Answer {
  return { status: isVerified(world, call) === false ? 401 : 204 };
}
