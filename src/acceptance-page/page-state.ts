/** What the signatory is shown of a run: pure, one state at a time. */
import type { OnboardingView } from '../onboarding/view';
import type { PageStatus } from './browser/shared';

/** Views that only tell something; their texts stand in the catalogues under the same names. */
export const noticeKinds = [
  'preparing',
  'noWorker',
  'saved',
  'created',
  'alreadyExists',
  'expired',
  'expiredUnconfirmed',
  'declined',
  'declinedWrongPerson',
  'withdrawn',
  'failed',
  'replaced',
  'attention',
  'attentionAfterAcceptance',
  'rejected',
] as const;
export type NoticeKind = (typeof noticeKinds)[number];

interface OpenState {
  round: number;
  /** The end of the customer's link, ISO 8601. */
  linkEnd: string;
  /** Until this state ends by itself, by the server's clock: the customer's may be wrong. */
  remainingMs: number;
  /** Microsoft did not know of the acceptance that was given for this round. */
  isRefused: boolean;
  /** Names this try: an acceptance id belongs to one, for a used id opens no further try. */
  attempt: string;
}

/** Microsoft's window can be shown. */
export interface AwaitingState extends OpenState {
  kind: 'awaiting';
  /** A bearer secret: only for the address of Microsoft's window. */
  attestationId: string;
  /** ISO 8601. */
  expiresAt: string;
  /** Whether the window can be opened again after its end. */
  isRenewable: boolean;
}

/** The attestation has ended before its link: an acceptance may have been given, or the window is opened again. */
export interface RanOutState extends OpenState {
  kind: 'ranOut';
}

export type PageState = AwaitingState | RanOutState | { kind: NoticeKind };

/** `partial`: no worker answered, so that the window's address is not known. */
export type SeenView = OnboardingView & { partial?: true };

/** The page's state of a run. Whatever else is true of it: that the customer's answer is saved is said at once. */
export function pageStateOf(view: SeenView, now: number): PageState {
  switch (view.status) {
    case 'creatingAttestation':
      return { kind: view.partial ? 'noWorker' : 'preparing' };
    case 'awaitingAcceptance':
      return view.decline === undefined ? openStateOf(view, now) : { kind: declineKindOf(view) };
    case 'creatingAgreement':
      return { kind: 'saved' };
    case 'needsAttention':
      return { kind: view.acceptance === undefined ? 'attention' : 'attentionAfterAcceptance' };
    case 'agreementCreated':
      return { kind: 'created' };
    case 'agreementAlreadyExists':
      return { kind: 'alreadyExists' };
    case 'expired':
      return { kind: isUnconfirmed(view) ? 'expiredUnconfirmed' : 'expired' };
    case 'declined':
      return { kind: declineKindOf(view) };
    case 'attestationRejected':
      return { kind: 'rejected' };
    case 'cancelled':
      return { kind: 'withdrawn' };
    case 'failed':
      return { kind: 'failed' };
  }
}

/** Whether a newer request of the same deal makes this state old news: it does once this one ended without an agreement. */
export function givesWayToNewer({ kind }: PageState): boolean {
  return [
    'expired',
    'expiredUnconfirmed',
    'declined',
    'declinedWrongPerson',
    'withdrawn',
    'failed',
    'rejected',
  ].includes(kind);
}

/** Equal for two states exactly when the same page shows both. */
export function versionOf(state: PageState): string {
  return 'attempt' in state ? `${state.kind} ${state.attempt}` : state.kind;
}

export function statusOf(state: PageState): PageStatus {
  const version = versionOf(state);
  return { state: state.kind, version, ...('remainingMs' in state && { remainingMs: state.remainingMs }) };
}

function openStateOf(view: SeenView, now: number): PageState {
  const { attestation, acceptBy, acceptance } = view;
  if (attestation === undefined || acceptBy === undefined) return { kind: 'noWorker' };
  const { round, expiresAt, live, id } = attestation;
  const isRefused = acceptance !== undefined && acceptance.round === round;
  const open = {
    round,
    linkEnd: acceptBy,
    remainingMs: Math.max(0, Date.parse(live ? expiresAt : acceptBy) - now),
    isRefused,
    attempt: isRefused ? `${round} ${acceptance.acceptanceId}` : `${round}`,
  };
  return live
    ? { kind: 'awaiting', ...open, attestationId: id, expiresAt, isRenewable: acceptBy > expiresAt }
    : { kind: 'ranOut', ...open };
}

function declineKindOf({ decline }: SeenView): NoticeKind {
  return decline?.code === 'wrongPerson' ? 'declinedWrongPerson' : 'declined';
}

function isUnconfirmed({ result, page }: SeenView): boolean {
  return result?.acceptanceUnconfirmed === true || page?.frameUsedAt !== undefined;
}
