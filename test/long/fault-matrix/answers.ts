/** Every answer of Partner Center and Microsoft Entra that the software distinguishes, and the expected outcome. */
import type { AttentionReason, FailureType } from '../../../src/onboarding/failures';

/** What happens to a call after an answer. */
export type ExpectedOutcome =
  | 'continues'
  /** Temporal schedules the call again, under the same request id. */
  | { retried: FailureType }
  /** The workflow itself tries again, under a new request id. */
  | { refused: FailureType }
  | { needsAttention: AttentionReason; as: FailureType }
  | { ends: 'attestationRejected' | 'agreementAlreadyExists'; as: FailureType };

export interface Answer {
  name: string;
  /** As the simulator takes it. */
  fault: Record<string, unknown>;
  attestation?: ExpectedOutcome;
  agreement?: ExpectedOutcome;
}

const PAGE = '<html><body><h1>Out of order</h1></body></html>';
const JSON_TYPE = { headers: { 'content-type': 'application/json' } };
const DUPLICATE_NAME = 'PartnerConfirmedAgreementAlreadyExists';

const unavailable: ExpectedOutcome = { retried: 'PartnerCenterUnavailable' };
const throttled: ExpectedOutcome = { retried: 'Throttled' };
const denied: ExpectedOutcome = { needsAttention: 'access', as: 'AccessDenied' };
const unauthenticated: ExpectedOutcome = { needsAttention: 'access', as: 'AuthenticationRejected' };
const attestationRefused: ExpectedOutcome = { needsAttention: 'attestationRefused', as: 'AttestationRefused' };
const agreementRefused: ExpectedOutcome = { refused: 'AgreementRefused' };
const exists: ExpectedOutcome = { ends: 'agreementAlreadyExists', as: 'AgreementAlreadyExists' };

function both(outcome: ExpectedOutcome): Pick<Answer, 'attestation' | 'agreement'> {
  return { attestation: outcome, agreement: outcome };
}

export const answers: Answer[] = [
  // A success, and what only looks like one
  {
    name: '200 instead of 201',
    fault: { status: 200, body: { attestationId: '6f1d3a52-0000-4000-8000-000000000001' } },
    ...both('continues'),
  },
  { name: '201 without the id', fault: { status: 201, body: {} }, attestation: unavailable },
  { name: '201 with an empty body', fault: { status: 201 }, ...both(unavailable) },
  { name: '202', fault: { status: 202, body: { attestationId: 'x' } }, ...both(unavailable) },
  { name: '200 with a page', fault: { status: 200, body: PAGE }, ...both(unavailable) },
  {
    name: '201 with broken JSON',
    fault: { status: 201, body: '{"attestationId": "6f', ...JSON_TYPE },
    ...both(unavailable),
  },
  { name: '201 with the body of 600061', fault: { status: 201, body: { code: 600061 } }, agreement: exists },

  // Redirects and access
  { name: '302', fault: { status: 302, headers: { location: 'https://login.example/' } }, ...both(denied) },
  { name: '401', fault: { status: 401 }, ...both('continues') },
  { name: '401 with a fresh token too', fault: { status: 401, times: 2 }, ...both(unauthenticated) },
  { name: '403', fault: { status: 403 }, ...both(denied) },
  { name: '403 with an empty body', fault: { status: 403, body: '' }, ...both(denied) },
  { name: '403 with a page', fault: { status: 403, body: PAGE }, ...both(denied) },
  {
    name: '404',
    fault: { status: 404 },
    attestation: { needsAttention: 'access', as: 'NotAvailableForPartner' },
    agreement: { needsAttention: 'customerUnknown', as: 'CustomerNotFound' },
  },
  { name: '404 with a page', fault: { status: 404, body: PAGE }, ...both(unavailable) },

  // Refusals
  {
    name: '400 that names fields',
    fault: { status: 400, body: { errors: { EmailAddress: ['is wrong'] } } },
    attestation: { ends: 'attestationRejected', as: 'AttestationRejected' },
    agreement: agreementRefused,
  },
  { name: '400', fault: { status: 400 }, attestation: attestationRefused, agreement: agreementRefused },
  {
    name: '400 that says it may be retried',
    fault: { status: 400, body: { code: 1, isRetryable: true } },
    attestation: attestationRefused,
    agreement: unavailable,
  },
  {
    name: '409 that says it may not be retried',
    fault: { status: 409, body: { code: 1, isRetryable: false } },
    attestation: attestationRefused,
    agreement: agreementRefused,
  },
  { name: '422', fault: { status: 422 }, attestation: attestationRefused, agreement: agreementRefused },

  // 600061
  { name: '400 with 600061', fault: { status: 400, body: { code: 600061, isRetryable: true } }, agreement: exists },
  { name: '409 with 600061 as text', fault: { status: 409, body: { code: '600061' } }, agreement: exists },
  { name: '403 with 600061', fault: { status: 403, body: { code: 600061 } }, agreement: exists },
  { name: '500 with 600061', fault: { status: 500, body: { code: 600061 } }, agreement: exists },
  {
    name: '400 with the name of 600061',
    fault: { status: 400, body: { errorName: DUPLICATE_NAME } },
    agreement: exists,
  },

  // Throttling and outages
  { name: '429', fault: { retryAfter: 45 }, ...both(throttled) },
  { name: '429 with a page', fault: { status: 429, body: PAGE }, ...both(throttled) },
  { name: '408', fault: { status: 408 }, ...both(unavailable) },
  { name: '500', fault: { status: 500 }, ...both(unavailable) },
  { name: '502 with an empty body', fault: { status: 502, body: '' }, ...both(unavailable) },
  { name: '503 with a page', fault: { status: 503, body: PAGE }, ...both(unavailable) },
  { name: 'a reset connection', fault: { effect: 'reset' }, ...both(unavailable) },
  { name: 'no answer in time', fault: { effect: 'hang' }, ...both(unavailable) },

  // Carried out, with the answer lost
  { name: 'a lost answer', fault: { effect: 'loseAnswer' }, ...both(unavailable) },
  { name: 'an answer that never comes', fault: { effect: 'loseAnswerHang' }, ...both(unavailable) },
  { name: 'an answer cut in the middle', fault: { effect: 'truncate' }, ...both(unavailable) },
  {
    name: 'a page in place of the success',
    fault: { effect: 'loseAnswer', status: 502, body: PAGE },
    ...both(unavailable),
  },
];

const tokenUnavailable: ExpectedOutcome = { retried: 'TokenUnavailable' };
const tokenRefused: ExpectedOutcome = { needsAttention: 'access', as: 'TokenRefused' };

/** Of the token endpoint, whichever call needs the token. */
export const tokenAnswers: Answer[] = [
  { name: '503', fault: { status: 503 }, ...both(tokenUnavailable) },
  {
    name: '429',
    fault: { status: 429, body: { error: 'temporarily_unavailable' } },
    ...both(tokenUnavailable),
  },
  { name: '200 without a token', fault: { status: 200, body: {} }, ...both(tokenUnavailable) },
  { name: '403 with a page', fault: { status: 403, body: PAGE }, ...both(tokenUnavailable) },
  { name: 'no answer in time', fault: { effect: 'hang' }, ...both(tokenUnavailable) },
  { name: 'a reset connection', fault: { effect: 'reset' }, ...both(tokenUnavailable) },
  { name: '401', fault: { status: 401 }, ...both(tokenRefused) },
  { name: '400', fault: { status: 400 }, ...both(tokenRefused) },
  { name: '302', fault: { status: 302 }, ...both(tokenRefused) },
];
