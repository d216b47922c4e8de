/** Compares the answers that the CRM received with the agreements at Partner Center and the outcomes in Temporal. */
import type { DealRecord } from './deals';
import type { DealOutcome } from './outcomes';
import type { Agreements, Call } from './simulator-client';

export interface Evidence {
  readonly records: readonly DealRecord[];
  readonly agreements: Agreements;
  /** Every call that reached Partner Center, in order. */
  readonly calls: readonly Call[];
  /** By deal id. */
  readonly outcomes: ReadonlyMap<string, DealOutcome>;
  /** From the end of faults and kills until every deal was settled; undefined when some deal was not. */
  readonly secondsToDrain: number | undefined;
}

/** Lists hold deal ids. */
export interface ConsistencyReport {
  /** There are no violations, and the drain was quick enough. */
  readonly passed: boolean;
  readonly acknowledged: { recorded: number; stored: number };
  readonly agreements: number;
  /** The acceptance was acknowledged, but there is no agreement and the run does not need attention. */
  readonly lost: string[];
  /** The customer has more than one agreement. */
  readonly createdTwice: string[];
  /** The outcome contradicts what Partner Center holds. */
  readonly wrongOutcomes: string[];
  /** A call that may have been carried out was repeated under another request id. */
  readonly newRequestIds: string[];
  /** Deals answered with 600061 because of their own agreement, counted by the result's `createdBy`. */
  readonly ownDuplicates: Record<string, number>;
  readonly secondsToDrain: number | undefined;
  readonly notSettled: string[];
}

export const LONGEST_DRAIN_SECONDS = 60;

export function checkConsistency(evidence: Evidence): ConsistencyReport {
  const { records, agreements, secondsToDrain } = evidence;
  const deals = records.map((record) => gatherFacts(record, evidence));
  const findDeals = (matches: (facts: DealFacts) => boolean) =>
    deals.filter(matches).map(({ record }) => record.deal.dealId);
  const countAcknowledged = (how: DealRecord['acknowledged']) =>
    records.filter(({ acknowledged }) => acknowledged === how).length;

  const lost = findDeals(isLost);
  const createdTwice = findDeals((facts) => facts.agreements > 1);
  const wrongOutcomes = findDeals(hasWrongOutcome);
  const newRequestIds = findDeals(({ calls }) => isRepeatedWithNewRequestId(calls));
  const drained = secondsToDrain !== undefined && secondsToDrain <= LONGEST_DRAIN_SECONDS;
  return {
    passed:
      drained && [lost, createdTwice, wrongOutcomes, newRequestIds].every((violations) => violations.length === 0),
    acknowledged: { recorded: countAcknowledged('recorded'), stored: countAcknowledged('stored') },
    agreements: agreements.total,
    lost,
    createdTwice,
    wrongOutcomes,
    newRequestIds,
    ownDuplicates: countEach(
      deals.filter(({ calls }) => hasOwnDuplicate(calls)).map(({ outcome }) => outcome?.createdBy ?? 'noResult'),
    ),
    secondsToDrain,
    notSettled: findDeals(({ outcome }) => outcome?.settled !== true),
  };
}

/** How often each item occurs. */
export function countEach(items: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const item of items) counts[item] = (counts[item] ?? 0) + 1;
  return counts;
}

interface DealFacts {
  record: DealRecord;
  outcome: DealOutcome | undefined;
  /** Number of agreements of the deal's customer, who has no other deal. */
  agreements: number;
  /** Calls of Create Agreement. */
  calls: readonly Call[];
}

function gatherFacts(record: DealRecord, { agreements, calls, outcomes }: Evidence): DealFacts {
  const { dealId, customerId } = record.deal;
  return {
    record,
    outcome: outcomes.get(dealId),
    agreements: agreements.customers[customerId]?.length ?? 0,
    calls: calls.filter((call) => call.operation === 'createAgreement' && call.customerId === customerId),
  };
}

function isLost({ record, agreements, outcome }: DealFacts): boolean {
  return record.acknowledged !== undefined && agreements === 0 && outcome?.status !== 'needsAttention';
}

/** Every customer is new to Partner Center, so `earlier` is never right. */
function hasWrongOutcome({ outcome, agreements }: DealFacts): boolean {
  if (outcome === undefined || !outcome.settled || outcome.status === 'needsAttention') return false;
  const claimsAgreement = outcome.status === 'agreementCreated' || outcome.status === 'agreementAlreadyExists';
  return claimsAgreement !== agreements > 0 || outcome.createdBy === 'earlier';
}

/** Partner Center may recognise a repeated call by its request id, so only a refusal allows a new one. */
function isRepeatedWithNewRequestId(calls: readonly Call[]): boolean {
  return calls.some((call, index) => {
    const previous = calls[index - 1];
    return previous !== undefined && !isRefusal(previous) && getRequestId(previous) !== getRequestId(call);
  });
}

function isRefusal({ status }: Call): boolean {
  return status !== null && status >= 400 && status < 500 && status !== 408 && status !== 429;
}

function getRequestId({ headers }: Call): string | undefined {
  return headers['ms-requestid'];
}

function hasOwnDuplicate(calls: readonly Call[]): boolean {
  const created = calls.findIndex(({ committed }) => committed);
  return created !== -1 && calls.slice(created + 1).some(isRefusal);
}
