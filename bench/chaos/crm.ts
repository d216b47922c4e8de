/** The outside world of one deal: the CRM that starts it and reports, and the customer who accepts. */
import { setTimeout as pause } from 'node:timers/promises';
import type { AttestedRequest } from '../../src/onboarding/request';
import type { ConnectionPool } from '../stack/connection-pool';
import type { Door } from '../stack/door';
import type { SimulatorRemote } from '../stack/simulator';
import type { Entry } from './ledger';
import type { Deal } from './plan';

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 8_000; // a caller that did not give way would be the load that is measured

export interface Outside {
  readonly door: Door;
  readonly connections: ConnectionPool;
  readonly simulator: SimulatorRemote;
  /** Epoch milliseconds from which the plan's times count. */
  readonly beganAt: number;
  /** Where each deal's events go; without one there are none. */
  readonly callbackUrl?: string;
}

/** Takes one deal as far as the product lets it, noting every step in its entry; ends when `stop` is aborted. */
export async function closeDeal(
  entry: Entry,
  { door, connections, simulator, beganAt, callbackUrl }: Outside,
  stop: AbortSignal,
): Promise<void> {
  const { deal } = entry;
  const until = (atMs: number) => pause(Math.max(0, beganAt + atMs - Date.now()), undefined, { signal: stop });
  const insist = <T>(call: () => Promise<T | undefined>) => insisting(entry, () => connections.use(call), stop);

  await until(deal.closesAtMs);
  await insist(() => door.start(requestOf(deal, callbackUrl)).then(() => true));
  entry.started = true;

  await until(deal.customerComesAtMs);
  const attestationId = await insist(() => door.attestationOf(deal.dealId));
  await insist(() => simulator.accept(attestationId).then(() => true));
  entry.accepted = true;

  const answer = await insist(() => door.reportAcceptance(deal.dealId, deal.acceptanceId));
  if (typeof answer === 'string') entry.acknowledged = answer;
  else entry.refused = answer.refused;
}

/** Calls again until there is an answer: after a failure, as after "not yet", nobody knows more than before. */
async function insisting<T>(entry: Entry, call: () => Promise<T | undefined>, stop: AbortSignal): Promise<T> {
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
    stop.throwIfAborted();
    try {
      const answer = await call();
      if (answer !== undefined) return answer;
    } catch (error) {
      entry.repeats += 1;
      entry.lastTrouble = error instanceof Error ? error.message : String(error);
    }
    await pause(pauseMs * (0.5 + Math.random()), undefined, { signal: stop }); // not all in step
  }
}

function requestOf({ dealId, customerId }: Deal, callbackUrl: string | undefined): AttestedRequest {
  return {
    dealId,
    customerId,
    ...(callbackUrl !== undefined && { callbackUrl }),
    attestation: {
      country: 'US',
      language: 'en-US',
      companyName: `Customer of ${dealId}`,
      signatoryFirstName: 'John',
      signatoryLastName: 'Smith',
      emailAddress: `john.smith@${dealId}.example.com`,
      phoneNumber: '+1-555-0123',
    },
  };
}
