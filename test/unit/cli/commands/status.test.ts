import { describeView } from '../../../../src/cli/commands/status';
import { type OnboardingView, toPublicView } from '../../../../src/onboarding/view';

const view: OnboardingView = {
  status: 'needsAttention',
  attentionReason: 'refused',
  dealId: 'D-1',
  resellerId: 'fabrikam',
  customerId: '0b2a4f1e-6c1d-4f0e-9c59-2f7f6d1a8e35',
  attempt: 2,
  createdAt: '2026-11-24T10:00:00.000Z',
  attestation: { id: 'a-bearer-secret', round: 1, live: false, expiresAt: '2026-11-24T11:00:00.000Z' },
  acceptBy: '2026-11-25T10:00:00.000Z',
  acceptedAt: '2026-11-24T10:30:00.000Z',
  acceptance: {
    source: 'page',
    page: { statementId: 'v1', language: 'en', ip: '192.0.2.7', userAgent: 'a browser' },
  },
  problem: {
    type: 'AttestationRejected',
    title: 'Partner Center rejects it.',
    status: 400,
    errors: { phoneNumber: ['is not valid'] },
    at: '2026-11-24T10:31:00.000Z',
  },
  metadata: { owner: 'team-7' },
  history: [{ status: 'creatingAttestation', at: '2026-11-24T10:00:00.000Z' }],
};

test('a public view has neither the attestation’s id nor the signatory’s address and browser', () => {
  const shown = toPublicView(view);

  expect(shown.attestation).toEqual({ round: 1, live: false, expiresAt: '2026-11-24T11:00:00.000Z' });
  expect(shown.acceptance).toEqual({ source: 'page' });
  expect({ ...shown, attestation: view.attestation, acceptance: view.acceptance }).toEqual(view);
});

test('a public view of a run without attestation and acceptance is the same view', () => {
  const { attestation: _attestation, acceptance: _acceptance, ...bare } = view;

  expect(toPublicView(bare)).toEqual(bare);
});

test('a view as text names status, problem, rejected fields and history', () => {
  expect(describeView(toPublicView(view))).toBe(
    `
Deal         D-1
Reseller     fabrikam
Customer     0b2a4f1e-6c1d-4f0e-9c59-2f7f6d1a8e35
Status       needsAttention
Reason       refused: waiting for an operator
Attempt      2
Created      2026-11-24 10:00:00 UTC
Accept by    2026-11-25 10:00:00 UTC
Attestation  round 1, no longer valid, expiry 2026-11-24 11:00:00 UTC
Acceptance   2026-11-24 10:30:00 UTC, reported by page
Problem      Partner Center rejects it. (AttestationRejected, HTTP 400; 2026-11-24 10:31:00 UTC)
Rejected fields
  phoneNumber  is not valid
Metadata
  owner  team-7
History
  2026-11-24 10:00:00 UTC  creatingAttestation`.trimStart(),
  );
});
