/** The state of one onboarding and its transitions: pure functions, so that every rule can be tested without a server. */
import type { CreatedAttestation } from '../activities/create-attestation';
import type { Acceptance, PageVisit, Receipt } from '../onboarding/acceptance';
import type { AttentionReason } from '../onboarding/failures';
import type { AttestedRequest } from '../onboarding/request';
import { getExpirationMinutes, getLinkMinutes } from '../onboarding/request-limits';
import type { Decline, OnboardingResult, OnboardingStatus, OnboardingView, Problem } from '../onboarding/view';
import { addMinutes } from './time';

/** One attestation; its number is its place in the list, counted from 1. */
export type Round = Readonly<CreatedAttestation & { expiresAt: string }>;

interface RecordedAcceptance extends Omit<Acceptance, keyof Receipt>, Receipt {
  /** The `acceptedAt` of the caller when it cannot be true, so that the time of receipt counts. */
  readonly claimedAcceptedAt?: string;
}

export interface OnboardingState {
  readonly status: OnboardingStatus;
  readonly history: readonly { status: OnboardingStatus; at: string }[];
  readonly rounds: readonly Round[];
  /** The end of the customer's link; absent before the first round and in the primary contact method. */
  readonly acceptBy?: string;
  /** The last acceptance that was reported, also when Partner Center has refused it. */
  readonly acceptance?: RecordedAcceptance;
  /** Whether an acceptance was reported that Partner Center has not refused. */
  readonly isAccepted: boolean;
  readonly receipts: ReadonlyMap<string, Receipt>;
  /** How many acceptances Partner Center has refused. */
  readonly refusals: number;
  readonly remindersSent: number;
  readonly page?: OnboardingView['page'];
  /** How many visits to the page were recorded, at most `MAX_VISITS`. */
  readonly visits: number;
  readonly decline?: Decline;
  readonly attentionReason?: AttentionReason;
  readonly problem?: Problem;
  readonly nextRetryAt?: string;
  readonly agreementMayExist?: boolean;
  readonly result?: OnboardingResult;
}

/** How a run ends: the outcome and what belongs to it. */
export type Ending = Pick<
  OnboardingResult,
  'outcome' | 'dateAgreed' | 'agreement' | 'createdBy' | 'problem' | 'acceptanceUnconfirmed'
>;

/** A claimed time of acceptance may be this far ahead of the server's clock. */
const CLOCK_TOLERANCE_MS = 5 * 60_000;

/** After so many refused acceptances the run waits for an operator. */
export const MAX_REFUSALS = 3;

export function createState(status: OnboardingStatus, at: string): OnboardingState {
  return {
    status,
    history: [{ status, at }],
    rounds: [],
    isAccepted: false,
    receipts: new Map(),
    refusals: 0,
    remindersSent: 0,
    visits: 0,
  };
}

/** The next status. Leaving `needsAttention` clears its reason; the last problem stays in view until the end. */
export function setStatus(state: OnboardingState, status: OnboardingStatus, at: string): OnboardingState {
  if (state.status === status) return state;
  const history = [...state.history, { status, at }];
  return { ...state, status, history, attentionReason: undefined, nextRetryAt: undefined };
}

export function requireAttention(
  state: OnboardingState,
  { reason, problem, nextRetryAt }: { reason: AttentionReason; problem?: Problem; nextRetryAt?: string },
  at: string,
): OnboardingState {
  return { ...setStatus(state, 'needsAttention', at), attentionReason: reason, problem, nextRetryAt };
}

/** Adds an attestation; the first one sets the end of the link. */
export function addRound(
  state: OnboardingState,
  request: AttestedRequest,
  { attestationId, requestedAt }: CreatedAttestation,
): OnboardingState {
  const expiresAt = addMinutes(requestedAt, getExpirationMinutes(request.attestation));
  const acceptBy = state.acceptBy ?? addMinutes(requestedAt, getLinkMinutes(request));
  const rounds = [...state.rounds, { attestationId, requestedAt, expiresAt }];
  return { ...state, rounds, acceptBy, problem: undefined };
}

/** Why an acceptance does not count; undefined if it does. One without a plausible time is never too late. */
export function getAcceptanceRejection(state: OnboardingState, acceptance: Acceptance, now: number) {
  if (state.rounds.length === 0 || state.acceptBy === undefined) return 'notYetInvited';
  if (state.decline !== undefined) return 'declined';
  if (state.acceptance !== undefined) return undefined; // after the first acceptance the link's end no longer matters
  const claimed = getPlausibleTime(state, acceptance, now);
  return claimed !== undefined && claimed > Date.parse(state.acceptBy) ? 'tooLate' : undefined;
}

/**
 * Records an acceptance that is not rejected. The same id always gets the same receipt; while an acceptance counts, any
 * later one gets the receipt of the first; after a refusal, a new one starts a new try.
 */
export function recordAcceptance(
  state: OnboardingState,
  acceptance: Acceptance,
  newId: () => string,
  now: number,
): { state: OnboardingState; receipt: Receipt } {
  const { acceptanceId } = acceptance;
  const known = acceptanceId === undefined ? undefined : state.receipts.get(acceptanceId);
  if (known !== undefined) return { state, receipt: known };
  if (state.isAccepted && state.acceptance !== undefined) {
    const receipt = toReceipt(state.acceptance);
    if (acceptanceId === undefined) return { state, receipt };
    return { state: { ...state, receipts: withReceipt(state, acceptanceId, receipt) }, receipt };
  }
  const plausible = getPlausibleTime(state, acceptance, now);
  const recorded: RecordedAcceptance = {
    ...acceptance,
    acceptanceId: acceptanceId ?? newId(),
    acceptedAt: new Date(plausible ?? now).toISOString(),
    round: getRoundNumber(state, acceptance),
    claimedAcceptedAt: plausible === undefined ? acceptance.acceptedAt : undefined,
  };
  const receipt = toReceipt(recorded);
  const receipts = withReceipt(state, recorded.acceptanceId, receipt);
  return { state: { ...state, acceptance: recorded, isAccepted: true, receipts }, receipt };
}

/** The primary contact method: the partner confirms that the customer has accepted. */
export function acceptFromPrimaryContact(
  state: OnboardingState,
  dateAgreed: string,
  acceptanceId: string,
): OnboardingState {
  const acceptedAt = new Date(dateAgreed).toISOString();
  return { ...state, acceptance: { acceptedAt, source: 'crm', acceptanceId, round: 0 }, isAccepted: true };
}

export function hasDecided(state: OnboardingState): boolean {
  return state.isAccepted || state.decline !== undefined;
}

/** Partner Center does not know of the acceptance: it no longer counts but is kept. */
export function refuseAcceptance(state: OnboardingState, problem: Problem): OnboardingState {
  return { ...state, isAccepted: false, refusals: state.refusals + 1, problem };
}

/** An operator wants the last acceptance to be tried again. */
export function reinstateAcceptance(state: OnboardingState): OnboardingState {
  return { ...state, isAccepted: true };
}

/** Why a decline is refused; undefined if it is not. After an acceptance it is, because the agreement may already exist. */
export function getDeclineRejection(state: OnboardingState) {
  if (state.isAccepted) return 'accepted';
  return state.rounds.length === 0 ? 'notYetInvited' : undefined;
}

/** Limits of what anyone who holds a link can cause: attestations created, visits recorded. */
const MAX_ROUNDS = 100;
export const MAX_VISITS = 200;

/** Why a renewal is rejected; undefined if it is not. While the last attestation is live, the answer is that one. */
export function getRenewalRejection(state: OnboardingState, now: number) {
  if (state.rounds.length === 0) return 'notYetInvited';
  if (hasDecided(state) || isClosed(state)) return 'answered';
  if (isAttestationLive(state, now)) return undefined;
  if (state.status === 'needsAttention') return 'needsAttention';
  return state.rounds.length >= MAX_ROUNDS ? 'tooMany' : undefined;
}

export function isAttestationLive(state: OnboardingState, now: number): boolean {
  const round = state.rounds.at(-1);
  return round !== undefined && !isClosed(state) && now < Date.parse(round.expiresAt);
}

export function isClosed({ status, result }: OnboardingState): boolean {
  return result !== undefined || status === 'cancelled' || status === 'failed';
}

/** Records a visit to the signatory's page: the first and the last opening, and the first use of Microsoft's frame. */
export function recordVisit(state: OnboardingState, { event, at }: PageVisit): OnboardingState {
  if (state.visits >= MAX_VISITS) return state;
  const { page = {} } = state;
  const noted =
    event === 'opened'
      ? { ...page, firstOpenedAt: page.firstOpenedAt ?? at, lastOpenedAt: at }
      : { ...page, frameUsedAt: page.frameUsedAt ?? at };
  return { ...state, visits: state.visits + 1, page: noted };
}

/** The `dateAgreed` for Partner Center: when the customer accepted, but never after the expiry of that attestation. */
export function getDateAgreed(acceptance: Receipt, round: Round | undefined): string {
  return round === undefined || acceptance.acceptedAt < round.expiresAt ? acceptance.acceptedAt : round.expiresAt;
}

/** The claimed time where it can be true: not before its attestation was requested, not in the future. */
function getPlausibleTime(state: OnboardingState, acceptance: Acceptance, now: number): number | undefined {
  if (acceptance.acceptedAt === undefined) return undefined;
  const round = state.rounds[getRoundNumber(state, acceptance) - 1];
  const claimed = Date.parse(acceptance.acceptedAt);
  const plausible =
    round !== undefined && claimed >= Date.parse(round.requestedAt) && claimed <= now + CLOCK_TOLERANCE_MS;
  return plausible ? claimed : undefined;
}

/** The round an acceptance names, where it exists; else the last one. */
function getRoundNumber(state: OnboardingState, { round }: Acceptance): number {
  return round !== undefined && round <= state.rounds.length ? round : state.rounds.length;
}

function toReceipt({ acceptedAt, acceptanceId, round }: Receipt): Receipt {
  return { acceptedAt, acceptanceId, round };
}

function withReceipt(state: OnboardingState, acceptanceId: string, receipt: Receipt): ReadonlyMap<string, Receipt> {
  return new Map(state.receipts).set(acceptanceId, receipt);
}
