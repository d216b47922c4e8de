/** The state of one onboarding and its transitions: pure functions, so that every rule can be tested without a server. */
import type { Acceptance, PageVisit, Receipt } from '../onboarding/acceptance';
import type { AttentionReason, Problem } from '../onboarding/failures';
import type { AttestedRequest } from '../onboarding/request';
import { getExpirationMinutes, getLinkMinutes } from '../onboarding/request-limits';
import type { Decline, OnboardingResult, OnboardingStatus, OnboardingView } from '../onboarding/view';

/** One attestation; its number is its place in the list, counted from 1. */
export interface Round {
  readonly attestationId: string;
  readonly requestedAt: string;
  readonly expiresAt: string;
}

export interface RecordedAcceptance extends Omit<Acceptance, keyof Receipt>, Receipt {
  /** What the caller claimed as `acceptedAt` when that could not be true and the time of receipt was taken instead. */
  readonly claimedAcceptedAt?: string;
}

export interface OnboardingState {
  readonly status: OnboardingStatus;
  readonly history: readonly { status: OnboardingStatus; at: string }[];
  readonly rounds: readonly Round[];
  /** The end of the customer's link; absent before the first round and in the old method. */
  readonly acceptBy?: string | undefined;
  /** The last acceptance anyone claimed. It stands until Partner Center refuses it. */
  readonly acceptance?: RecordedAcceptance | undefined;
  readonly acceptanceStands: boolean;
  readonly receipts: ReadonlyMap<string, Receipt>;
  /** How many acceptances Partner Center has refused. */
  readonly refusals: number;
  readonly remindersSent: number;
  readonly page?: OnboardingView['page'];
  /** How many visits of the page were heard; no more than a bounded number is. */
  readonly visits: number;
  readonly decline?: Decline | undefined;
  readonly attentionReason?: AttentionReason | undefined;
  readonly problem?: Problem | undefined;
  readonly nextRetryAt?: string | undefined;
  readonly agreementMayExist?: boolean | undefined;
  readonly result?: OnboardingResult | undefined;
}

/** A claimed time of acceptance may be this far ahead of the server: clocks differ, and no customer is punished for it. */
export const CLOCK_TOLERANCE_MS = 5 * 60_000;

/** After so many refused acceptances a human looks at the case. */
export const REFUSALS_BEFORE_PARKING = 3;

export function begin(status: OnboardingStatus, at: string): OnboardingState {
  return {
    status,
    history: [{ status, at }],
    rounds: [],
    acceptanceStands: false,
    receipts: new Map(),
    refusals: 0,
    remindersSent: 0,
    visits: 0,
  };
}

/** The next status. Leaving `needsAttention` clears its reason; the last problem stays in view until the end. */
export function enter(state: OnboardingState, status: OnboardingStatus, at: string): OnboardingState {
  if (state.status === status) return state;
  return {
    ...state,
    status,
    history: [...state.history, { status, at }],
    attentionReason: undefined,
    nextRetryAt: undefined,
  };
}

export function park(
  state: OnboardingState,
  reason: AttentionReason,
  problem: Problem | undefined,
  nextRetryAt: string | undefined,
  at: string,
): OnboardingState {
  return { ...enter(state, 'needsAttention', at), attentionReason: reason, problem, nextRetryAt };
}

/** Adds an attestation; the first one sets the end of the link. */
export function addRound(
  state: OnboardingState,
  request: AttestedRequest,
  { attestationId, requestedAt }: { attestationId: string; requestedAt: string },
): OnboardingState {
  const expiresAt = plusMinutes(requestedAt, getExpirationMinutes(request.attestation));
  const acceptBy = state.acceptBy ?? plusMinutes(requestedAt, getLinkMinutes(request));
  return {
    ...state,
    rounds: [...state.rounds, { attestationId, requestedAt, expiresAt }],
    acceptBy,
    problem: undefined,
  };
}

export type AcceptanceRejection = 'notYetInvited' | 'declined' | 'tooLate';

/** Why an acceptance does not count, if so. One without a believable time of its own counts as long as the run waits. */
export function rejectionOf(
  state: OnboardingState,
  acceptance: Acceptance,
  now: number,
): AcceptanceRejection | undefined {
  if (state.rounds.length === 0 || state.acceptBy === undefined) return 'notYetInvited';
  if (state.decline !== undefined) return 'declined';
  if (state.acceptance !== undefined) return undefined; // claimed once, the link's end no longer decides
  const claimed = believableTime(state, acceptance, now);
  return claimed !== undefined && claimed > Date.parse(state.acceptBy) ? 'tooLate' : undefined;
}

/**
 * Records an acceptance that is not rejected. The same id always gets the same receipt; while an acceptance stands, any
 * other gets its receipt too; after a refusal a new one opens a new try.
 */
export function recordAcceptance(
  state: OnboardingState,
  acceptance: Acceptance,
  newId: () => string,
  now: number,
): { state: OnboardingState; receipt: Receipt } {
  const known = acceptance.acceptanceId === undefined ? undefined : state.receipts.get(acceptance.acceptanceId);
  if (known !== undefined) return { state, receipt: known };
  if (state.acceptanceStands && state.acceptance !== undefined) {
    const receipt = receiptOf(state.acceptance);
    return acceptance.acceptanceId === undefined
      ? { state, receipt }
      : { state: { ...state, receipts: withReceipt(state, acceptance.acceptanceId, receipt) }, receipt };
  }
  const believable = believableTime(state, acceptance, now);
  const recorded: RecordedAcceptance = {
    ...acceptance,
    acceptanceId: acceptance.acceptanceId ?? newId(),
    acceptedAt: new Date(believable ?? now).toISOString(),
    round: roundOf(state, acceptance),
    ...(acceptance.acceptedAt !== undefined &&
      believable === undefined && { claimedAcceptedAt: acceptance.acceptedAt }),
  };
  const receipt = receiptOf(recorded);
  return {
    state: {
      ...state,
      acceptance: recorded,
      acceptanceStands: true,
      receipts: withReceipt(state, recorded.acceptanceId, receipt),
    },
    receipt,
  };
}

/** The old method: the partner vouches that the customer has accepted. */
export function acceptFromPrimaryContact(
  state: OnboardingState,
  dateAgreed: string,
  acceptanceId: string,
): OnboardingState {
  const acceptedAt = new Date(dateAgreed).toISOString();
  return { ...state, acceptance: { acceptedAt, source: 'crm', acceptanceId, round: 0 }, acceptanceStands: true };
}

/** Whether the customer has said anything that the run must act on. */
export function hasAnswer(state: OnboardingState): boolean {
  return state.acceptanceStands || state.decline !== undefined;
}

/** Partner Center does not know of the acceptance: it no longer stands, but it is not forgotten either. */
export function refuseAcceptance(state: OnboardingState, problem: Problem): OnboardingState {
  return { ...state, acceptanceStands: false, refusals: state.refusals + 1, problem };
}

/** An operator has the last acceptance tried again. */
export function reinstateAcceptance(state: OnboardingState): OnboardingState {
  return { ...state, acceptanceStands: true };
}

/** Why a decline is refused, if so: once an acceptance stands, an agreement may already exist. */
export function declineRejectionOf(state: OnboardingState): 'notYetInvited' | 'accepted' | undefined {
  if (state.acceptanceStands) return 'accepted';
  return state.rounds.length === 0 ? 'notYetInvited' : undefined;
}

export type RenewalRejection = 'notYetInvited' | 'answered' | 'needsAttention' | 'tooMany';

/** Links are open to whoever holds them: so many attestations are minted for one, so many of its visits are heard. */
export const MAX_ROUNDS = 100;
export const MAX_VISITS = 200;

/** Why no further attestation is minted, if so. While the last one is live there is nothing to mint. */
export function renewalRejectionOf(state: OnboardingState, now: number): RenewalRejection | undefined {
  if (state.rounds.length === 0) return 'notYetInvited';
  if (hasAnswer(state) || isClosed(state)) return 'answered';
  if (isLive(state, now)) return undefined;
  if (state.status === 'needsAttention') return 'needsAttention';
  return state.rounds.length >= MAX_ROUNDS ? 'tooMany' : undefined;
}

export function isLive(state: OnboardingState, now: number): boolean {
  const round = state.rounds.at(-1);
  return round !== undefined && !isClosed(state) && now < Date.parse(round.expiresAt);
}

export function isClosed({ status, result }: OnboardingState): boolean {
  return result !== undefined || status === 'cancelled' || status === 'failed';
}

/** Notes a visit of the signatory's page: the first and the last opening, and the first use of Microsoft's frame. */
export function recordVisit(state: OnboardingState, { event, at }: PageVisit): OnboardingState {
  if (state.visits >= MAX_VISITS) return state;
  const { page = {} } = state;
  const noted =
    event === 'opened'
      ? { ...page, firstOpenedAt: page.firstOpenedAt ?? at, lastOpenedAt: at }
      : { ...page, frameUsedAt: page.frameUsedAt ?? at };
  return { ...state, visits: state.visits + 1, page: noted };
}

/** The date to tell Partner Center: when the customer accepted, never after that attestation's end. */
export function dateAgreedOf(acceptance: Receipt, round: Round | undefined): string {
  return round === undefined || acceptance.acceptedAt < round.expiresAt ? acceptance.acceptedAt : round.expiresAt;
}

export function plusMinutes(at: string, minutes: number): string {
  return new Date(Date.parse(at) + minutes * 60_000).toISOString();
}

/** The claimed time where it can be true: not before its attestation was requested, not in the future. */
function believableTime(state: OnboardingState, acceptance: Acceptance, now: number): number | undefined {
  if (acceptance.acceptedAt === undefined) return undefined;
  const round = state.rounds[roundOf(state, acceptance) - 1];
  const claimed = Date.parse(acceptance.acceptedAt);
  const believable =
    round !== undefined && claimed >= Date.parse(round.requestedAt) && claimed <= now + CLOCK_TOLERANCE_MS;
  return believable ? claimed : undefined;
}

/** The round an acceptance names, where it exists; else the last one. */
function roundOf(state: OnboardingState, { round }: Acceptance): number {
  return round !== undefined && round <= state.rounds.length ? round : state.rounds.length;
}

function receiptOf({ acceptedAt, acceptanceId, round }: Receipt): Receipt {
  return { acceptedAt, acceptanceId, round };
}

function withReceipt(state: OnboardingState, acceptanceId: string, receipt: Receipt): ReadonlyMap<string, Receipt> {
  return new Map(state.receipts).set(acceptanceId, receipt);
}
