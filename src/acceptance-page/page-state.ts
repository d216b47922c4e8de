/** The state of the page for a run. Pure: computed from the run's view. */
import type { OnboardingStatus, OnboardingView } from '../onboarding/view';
import type { PageStatus } from './browser/shared';

export interface Notice {
  /** `ended`: without an agreement. */
  tone: 'done' | 'waiting' | 'ended';
  /** How long the script waits before it asks for the state again; if absent, the state is final. */
  pollMs?: number;
}

/** The views that ask the signatory nothing; the locales hold their texts under the same names. */
export const notices = {
  preparing: { tone: 'waiting', pollMs: 1_000 },
  noWorker: { tone: 'waiting', pollMs: 3_000 },
  saved: { tone: 'waiting', pollMs: 1_000 },
  attention: { tone: 'waiting', pollMs: 30_000 },
  attentionAfterAcceptance: { tone: 'waiting', pollMs: 30_000 },
  created: { tone: 'done' },
  alreadyExists: { tone: 'done' },
  expired: { tone: 'ended' },
  expiredUnconfirmed: { tone: 'ended' },
  declined: { tone: 'ended' },
  declinedWrongPerson: { tone: 'ended' },
  withdrawn: { tone: 'ended' },
  failed: { tone: 'ended' },
  rejected: { tone: 'ended' },
  /** A newer run of the same deal has taken this one's place. */
  replaced: { tone: 'ended' },
} satisfies Record<string, Notice>;
export type NoticeKind = keyof typeof notices;

interface OpenState {
  /** The attestation's number, counted from 1. */
  round: number;
  /** ISO 8601. */
  linkEnd: string;
  /** Until this state ends, by the server's clock: the customer's may be wrong. */
  remainingMs: number;
  /** Microsoft had not received the acceptance that was reported for this round. */
  isRefused: boolean;
  /** The id of the next acceptance is stored under this key. A refusal changes it: a refused id is not tried again. */
  acceptanceKey: string;
}

/** Microsoft's window can be shown. */
export interface AwaitingState extends OpenState {
  kind: 'awaiting';
  /** A bearer secret: only for the URL of Microsoft's window. */
  attestationId: string;
  /** ISO 8601. */
  expiresAt: string;
  /** Whether the link outlives the window, so that it can be opened again. */
  isRenewable: boolean;
}

/** The attestation has expired, the link has not: the signatory has accepted already or opens the window again. */
export interface RanOutState extends OpenState {
  kind: 'ranOut';
}

export type PageState = AwaitingState | RanOutState | { kind: NoticeKind };

export function toPageState(view: OnboardingView, now: number): PageState {
  const isOpen = view.status === 'awaitingAcceptance' && view.decline === undefined;
  return isOpen ? toOpenState(view, now) : { kind: toNoticeKind(view) };
}

function toNoticeKind({ status, partial, decline, acceptance, result, page }: OnboardingView): NoticeKind {
  const declined = decline?.code === 'wrongPerson' ? 'declinedWrongPerson' : 'declined';
  const isUnconfirmed = result?.acceptanceUnconfirmed === true || page?.frameUsedAt !== undefined;
  const kinds: Record<OnboardingStatus, NoticeKind> = {
    creatingAttestation: partial ? 'noWorker' : 'preparing',
    awaitingAcceptance: declined,
    creatingAgreement: 'saved',
    needsAttention: acceptance === undefined ? 'attention' : 'attentionAfterAcceptance',
    agreementCreated: 'created',
    agreementAlreadyExists: 'alreadyExists',
    expired: isUnconfirmed ? 'expiredUnconfirmed' : 'expired',
    declined,
    attestationRejected: 'rejected',
    cancelled: 'withdrawn',
    failed: 'failed',
  };
  return kinds[status] ?? 'attention'; // a newer worker may report a status that this page does not know
}

/** Whether a newer run of the same deal may have replaced this one, because it ended without an agreement. */
export function isReplaceable({ kind }: PageState): boolean {
  return kind !== 'awaiting' && kind !== 'ranOut' && notices[kind].tone === 'ended';
}

/** Equal for two states exactly when the same view shows both. */
export function getVersion(state: PageState): string {
  return 'acceptanceKey' in state ? `${state.kind} ${state.acceptanceKey}` : state.kind;
}

export function toPageStatus(state: PageState): PageStatus {
  const remainingMs = 'remainingMs' in state ? state.remainingMs : undefined;
  return { state: state.kind, version: getVersion(state), remainingMs };
}

function toOpenState({ attestation, acceptBy, acceptance }: OnboardingView, now: number): PageState {
  if (attestation === undefined || acceptBy === undefined) return { kind: 'noWorker' };
  const { round, expiresAt, live, id } = attestation;
  const isRefused = acceptance !== undefined && acceptance.round === round;
  const open = {
    round,
    linkEnd: acceptBy,
    remainingMs: Math.max(0, Date.parse(live ? expiresAt : acceptBy) - now),
    isRefused,
    acceptanceKey: isRefused ? `${round} ${acceptance.acceptanceId}` : `${round}`,
  };
  return live
    ? { kind: 'awaiting', ...open, attestationId: id, expiresAt, isRenewable: acceptBy > expiresAt }
    : { kind: 'ranOut', ...open };
}
