/** Whether the promise was kept: the CRM's books against Partner Center's and Temporal's. Pure. */
import type { Agreements, Call } from '../stack/simulator';
import type { Entry } from './ledger';
import type { Settlement } from './settlements';

export interface Evidence {
  readonly ledger: readonly Entry[];
  readonly agreements: Agreements;
  /** Every call that reached Partner Center, in order. */
  readonly calls: readonly Call[];
  /** By deal. */
  readonly settlements: ReadonlyMap<string, Settlement>;
  /** From the end of faults and kills until every deal had come to rest; undefined when that was not waited for to the end. */
  readonly secondsToDrain: number | undefined;
}

export interface Verdict {
  readonly kept: boolean;
  readonly acknowledged: { recorded: number; stored: number };
  readonly agreements: number;
  /** Deals whose acknowledged acceptance has led neither to an agreement nor to an operator. */
  readonly lost: string[];
  /** Deals whose customer has more than one agreement. */
  readonly createdTwice: string[];
  /** Deals whose end says what is not so. */
  readonly wrongClaims: string[];
  /** Deals whose call was repeated under another request id although it may have been carried out. */
  readonly renamedRepeats: string[];
  /** Deals that Partner Center told "exists already" about an agreement of their own, by whom the result names. */
  readonly absorbed600061: Record<string, number>;
  readonly secondsToDrain: number | undefined;
  readonly notSettled: string[];
}

export const LONGEST_DRAIN_SECONDS = 60;

export function verdictOf(evidence: Evidence): Verdict {
  const { ledger, agreements, secondsToDrain } = evidence;
  const books = ledger.map((entry) => bookOf(entry, evidence));
  const dealsThat = (is: (book: Book) => boolean) => books.filter(is).map(({ entry }) => entry.deal.dealId);

  const lost = dealsThat(
    (book) => book.entry.acknowledged !== undefined && book.agreements === 0 && !isInFrontOfOperator(book),
  );
  const createdTwice = dealsThat((book) => book.agreements > 1);
  const wrongClaims = dealsThat(claimsWrongly);
  const renamedRepeats = dealsThat(({ calls }) => isRepeatRenamed(calls));
  const drained = secondsToDrain !== undefined && secondsToDrain <= LONGEST_DRAIN_SECONDS;
  const acknowledgedAs = (how: Entry['acknowledged']) =>
    ledger.filter(({ acknowledged }) => acknowledged === how).length;
  return {
    kept: drained && [lost, createdTwice, wrongClaims, renamedRepeats].every((faults) => faults.length === 0),
    acknowledged: { recorded: acknowledgedAs('recorded'), stored: acknowledgedAs('stored') },
    agreements: agreements.total,
    lost,
    createdTwice,
    wrongClaims,
    renamedRepeats,
    absorbed600061: tally(
      books.filter(({ calls }) => isToldOfItsOwn(calls)).map(({ settlement }) => settlement?.createdBy ?? 'noResult'),
    ),
    secondsToDrain,
    notSettled: dealsThat(({ settlement }) => settlement?.settled !== true),
  };
}

/** How many of each. */
export function tally(items: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const item of items) counts[item] = (counts[item] ?? 0) + 1;
  return counts;
}

interface Book {
  entry: Entry;
  settlement: Settlement | undefined;
  /** How many Partner Center holds of the deal's customer, who has no other deal. */
  agreements: number;
  /** To create the agreement. */
  calls: readonly Call[];
}

function bookOf(entry: Entry, { agreements, calls, settlements }: Evidence): Book {
  const { dealId, customerId } = entry.deal;
  return {
    entry,
    settlement: settlements.get(dealId),
    agreements: agreements.customers[customerId]?.length ?? 0,
    calls: calls.filter((call) => call.operation === 'createAgreement' && call.customerId === customerId),
  };
}

function isInFrontOfOperator({ settlement }: Book): boolean {
  return settlement?.status === 'needsAttention';
}

/** Every customer is new to Partner Center, so nobody else can have created an agreement earlier. */
function claimsWrongly({ settlement, agreements }: Book): boolean {
  if (settlement === undefined || !settlement.settled || settlement.status === 'needsAttention') return false;
  const saysAgreed = settlement.status === 'agreementCreated' || settlement.status === 'agreementAlreadyExists';
  return saysAgreed !== agreements > 0 || settlement.createdBy === 'earlier';
}

/** By its id Partner Center may recognise a repetition: a new one is right only after a refusal. */
function isRepeatRenamed(calls: readonly Call[]): boolean {
  return calls.some((call, index) => {
    const before = calls[index - 1];
    return before !== undefined && !isRefusal(before) && requestIdOf(before) !== requestIdOf(call);
  });
}

function isRefusal({ status }: Call): boolean {
  return status !== null && status >= 400 && status < 500 && status !== 408 && status !== 429;
}

function requestIdOf({ headers }: Call): string | undefined {
  return headers['ms-requestid'];
}

function isToldOfItsOwn(calls: readonly Call[]): boolean {
  const created = calls.findIndex(({ committed }) => committed);
  return created !== -1 && calls.slice(created + 1).some(isRefusal);
}
