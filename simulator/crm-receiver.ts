/** The CRM's endpoint: records every event and, if `crmSecret` is set, checks its signature. */
import { Webhook } from 'standardwebhooks';
import type { JournalEntry } from './journal';
import type { Answer, Call } from './operations';
import type { Simulation } from './simulation';

/** Records the event even if a fault replaces the answer. */
export function recordEvent(simulation: Simulation, entry: JournalEntry, call: Call): void {
  entry.verified = verifySignature(simulation, call);
  simulation.crmEvents.add(entry);
}

/** `POST /crm/events`. */
export function receiveEvent(simulation: Simulation, call: Call): Answer {
  return { status: verifySignature(simulation, call) === false ? 401 : 204 };
}

/** Null when no secret is set. */
function verifySignature({ switches }: Simulation, { headers, rawBody }: Call): boolean | null {
  if (switches.crmSecret === null) return null;
  try {
    new Webhook(switches.crmSecret).verify(rawBody, headers, { jsonParse: false });
    return true;
  } catch {
    return false;
  }
}
