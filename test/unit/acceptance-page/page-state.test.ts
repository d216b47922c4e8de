import type { OnboardingView } from '../../../src/onboarding/view';
import { type PageState, toPageState, toPageStatus, getVersion } from '../../../src/acceptance-page/page-state';

const NOW = Date.parse('2026-11-24T10:00:00Z');
const EXPIRES_AT = '2026-11-24T10:30:00.000Z';
const LINK_END = '2026-11-25T10:00:00.000Z';

const LIVE = { id: 'secret', round: 1, live: true, expiresAt: EXPIRES_AT };
const AWAITING: Partial<OnboardingView> = { status: 'awaitingAcceptance', attestation: LIVE, acceptBy: LINK_END };
const ACCEPTANCE = { round: 1, acceptanceId: 'a-1', acceptedAt: '2026-11-24T09:50:00.000Z' };

function getState(view: Partial<OnboardingView>): PageState {
  return toPageState(
    { dealId: 'D-1', customerId: 'c', attempt: 1, createdAt: '', history: [], ...view } as OnboardingView,
    NOW,
  );
}

describe('what the page shows', () => {
  const decline = (code: 'doesNotAccept' | 'wrongPerson') => ({ code, declinedAt: EXPIRES_AT });
  const cases: [string, Partial<OnboardingView>][] = [
    ['preparing', { status: 'creatingAttestation' }],
    ['noWorker', { status: 'creatingAttestation', partial: true }],
    ['awaiting', AWAITING],
    ['ranOut', { ...AWAITING, attestation: { ...LIVE, live: false } }],
    ['noWorker', { status: 'awaitingAcceptance', partial: true, acceptBy: LINK_END }],
    ['declined', { ...AWAITING, decline: decline('doesNotAccept') }],
    ['saved', { status: 'creatingAgreement', acceptance: ACCEPTANCE }],
    ['saved', { status: 'creatingAgreement', partial: true }],
    ['attention', { status: 'needsAttention' }],
    ['attentionAfterAcceptance', { status: 'needsAttention', acceptance: ACCEPTANCE }],
    ['created', { status: 'agreementCreated' }],
    ['alreadyExists', { status: 'agreementAlreadyExists' }],
    ['expired', { status: 'expired' }],
    ['expired', { status: 'expired', page: { firstOpenedAt: EXPIRES_AT } }],
    ['expiredUnconfirmed', { status: 'expired', page: { frameUsedAt: EXPIRES_AT } }],
    [
      'expiredUnconfirmed',
      { status: 'expired', result: { acceptanceUnconfirmed: true } as NonNullable<OnboardingView['result']> },
    ],
    ['declined', { status: 'declined', decline: decline('doesNotAccept') }],
    ['declinedWrongPerson', { status: 'declined', decline: decline('wrongPerson') }],
    ['rejected', { status: 'attestationRejected' }],
    ['withdrawn', { status: 'cancelled' }],
    ['failed', { status: 'failed' }],
    ['attention', { status: 'fromANewerWorker' as OnboardingView['status'] }],
  ];

  test.each(cases)('%s for %j', (kind, view) => {
    expect(getState(view).kind).toBe(kind);
  });

  test('the remaining time is the window’s while it is open, and the link’s after that', () => {
    expect(getState(AWAITING)).toMatchObject({ remainingMs: 30 * 60_000, isRenewable: true, isRefused: false });
    expect(getState({ ...AWAITING, acceptBy: EXPIRES_AT })).toMatchObject({ isRenewable: false });
    expect(getState({ ...AWAITING, attestation: { ...LIVE, live: false } })).toMatchObject({
      remainingMs: 24 * 3_600_000,
    });
  });

  test('the remaining time is never negative', () => {
    const over = { ...LIVE, expiresAt: '2026-11-24T09:59:59.000Z' };
    expect(getState({ ...AWAITING, attestation: over })).toMatchObject({ kind: 'awaiting', remainingMs: 0 });
  });

  test('an acceptance counts as refused only for its own round', () => {
    expect(getState({ ...AWAITING, acceptance: ACCEPTANCE })).toMatchObject({ isRefused: true });
    const next = { ...LIVE, round: 2 };
    expect(getState({ ...AWAITING, attestation: next, acceptance: ACCEPTANCE })).toMatchObject({ isRefused: false });
  });
});

describe('the version of a view', () => {
  test('changes with state, round and refusal, but not with time', () => {
    const views: Partial<OnboardingView>[] = [
      AWAITING,
      { ...AWAITING, attestation: { ...LIVE, round: 2 } },
      { ...AWAITING, attestation: { ...LIVE, live: false } },
      { ...AWAITING, acceptance: ACCEPTANCE },
      { ...AWAITING, acceptance: { ...ACCEPTANCE, acceptanceId: 'a-2' } },
      { status: 'creatingAgreement' },
    ];
    expect(new Set(views.map((view) => getVersion(getState(view)))).size).toBe(views.length);
    const later = toPageState({ ...AWAITING, history: [] } as unknown as OnboardingView, NOW + 60_000);
    expect(getVersion(later)).toBe(getVersion(getState(AWAITING)));
  });

  test('and the status do not contain the attestation’s id', () => {
    expect(JSON.stringify(toPageStatus(getState(AWAITING)))).not.toContain('secret');
  });
});
