/** Plans deals and carries them out as the CRM and the customer would: start, accept, report the acceptance. */
import { setTimeout as pause } from 'node:timers/promises';
import type { AttestedRequest } from '../../src/onboarding/request';
import type { CrmApi } from './crm-api';
import { randomGuid, randomNumber } from './seeded-random';
import type { SimulatorClient } from './simulator-client';

export interface Deal {
  readonly dealId: string;
  readonly customerId: string;
  /** The same for every report of the acceptance. */
  readonly acceptanceId: string;
  /** Milliseconds from the beginning of the run, like `acceptsAtMs`. */
  readonly startsAtMs: number;
  readonly acceptsAtMs: number;
}

const SHARE_OF_STARTS = 0.4; // deals start in the first part of a run, so that most are open during most kills
const SHARE_OF_ACCEPTANCES = 0.85; // so that faults and kills also affect the last acceptances
const SHORTEST_DECISION_MS = 1_000;

/** Deals spread over a run of `seconds`; the same seed gives the same deals. */
export function planDeals({
  onboardings,
  seconds,
  seed,
}: {
  onboardings: number;
  seconds: number;
  seed: number;
}): Deal[] {
  const lengthMs = seconds * 1_000;
  return Array.from({ length: onboardings }, (_, index) => {
    const name = `deal ${index + 1}`;
    const startsAtMs = randomNumber(seed, `${name} closes`) * lengthMs * SHARE_OF_STARTS;
    const earliestMs = startsAtMs + SHORTEST_DECISION_MS;
    const span = Math.max(0, lengthMs * SHARE_OF_ACCEPTANCES - earliestMs);
    return {
      dealId: `chaos-${seed}-${String(index + 1).padStart(4, '0')}`,
      customerId: randomGuid(seed, `${name} customer`),
      acceptanceId: randomGuid(seed, `${name} acceptance`),
      startsAtMs,
      acceptsAtMs: earliestMs + randomNumber(seed, `${name} customer comes`) * span,
    };
  });
}

/** What the CRM knows about one deal; compared with the product's outcome. */
export interface DealRecord {
  readonly deal: Deal;
  /** The start was acknowledged. */
  started: boolean;
  /** The customer has accepted on Microsoft's page. */
  accepted: boolean;
  /** How the report of the acceptance was acknowledged: as recorded, or as stored until a worker processes it. */
  acknowledged?: 'recorded' | 'stored';
  /** Why the report was refused, for example because an earlier report without an answer had already ended the run. */
  refused?: string;
  /** Calls without a usable answer, which were repeated. */
  repeats: number;
  lastError?: string;
}

export function createDealRecords(deals: readonly Deal[]): DealRecord[] {
  return deals.map((deal) => ({ deal, started: false, accepted: false, repeats: 0 }));
}

export interface DealEnvironment {
  readonly crmApi: CrmApi;
  readonly connections: ConnectionPool;
  readonly simulator: SimulatorClient;
  /** Beginning of the run, epoch milliseconds. */
  readonly startedAt: number;
  /** Where the events of each deal go; without it none are sent. */
  readonly callbackUrl?: string;
}

/** Carries out one deal and notes every step in its record; throws when `stop` is aborted. */
export async function runDeal(
  record: DealRecord,
  { crmApi, connections, simulator, startedAt, callbackUrl }: DealEnvironment,
  stop: AbortSignal,
): Promise<void> {
  const { deal } = record;
  const { dealId, customerId, acceptanceId } = deal;
  const until = (atMs: number) => pause(Math.max(0, startedAt + atMs - Date.now()), undefined, { signal: stop });
  const repeat = <T>(call: () => Promise<T | undefined>) =>
    repeatUntilAnswered(record, () => connections.use(call), stop);

  await until(deal.startsAtMs);
  const request = { dealId, customerId, callbackUrl, attestation: buildAttestation(dealId) };
  await repeat(() => crmApi.start(request).then(() => true));
  record.started = true;

  await until(deal.acceptsAtMs);
  const attestationId = await repeat(() => crmApi.getAttestationId(dealId));
  await repeat(() => simulator.accept(attestationId).then(() => true));
  record.accepted = true;

  const reply = await repeat(() => crmApi.reportAcceptance(dealId, acceptanceId));
  if (typeof reply === 'string') record.acknowledged = reply;
  else record.refused = reply.refused;
}

/** A different signatory for every `name`, because Partner Center may treat the same one as a duplicate. */
export function buildAttestation(name: string): AttestedRequest['attestation'] {
  return {
    country: 'US',
    language: 'en-US',
    companyName: `Customer of ${name}`,
    signatoryFirstName: 'John',
    signatoryLastName: 'Smith',
    emailAddress: `john.smith@${name}.example.com`,
    phoneNumber: '+1-555-0123',
  };
}

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 8_000; // callers without backoff would overload the machine and distort the measurement

/** Repeats the call until it returns something other than undefined; an error does not show whether the call arrived. */
async function repeatUntilAnswered<T>(
  record: DealRecord,
  call: () => Promise<T | undefined>,
  stop: AbortSignal,
): Promise<T> {
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
    stop.throwIfAborted();
    try {
      const answer = await call();
      if (answer !== undefined) return answer;
    } catch (error) {
      record.repeats += 1;
      record.lastError = error instanceof Error ? error.message : String(error);
    }
    await pause(pauseMs * (0.5 + Math.random()), undefined, { signal: stop }); // jitter: callers must not retry in step
  }
}

/**
 * Limits the calls in flight, as the HTTP client of a CRM does: hundreds of concurrent callers that repeat their calls
 * would overload a slow machine so much that no call is answered in time.
 */
export class ConnectionPool {
  readonly #waiting: (() => void)[] = [];

  constructor(private free: number) {}

  async use<T>(call: () => Promise<T>): Promise<T> {
    if (this.free > 0) this.free -= 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await call();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.free += 1;
    }
  }
}
