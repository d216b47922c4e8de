import { inspect } from 'node:util';
import { toApplicationFailure, toFailureType, type PartnerCenterCall } from '../../../src/activities/failures';
import { type FailureType, failureRules } from '../../../src/onboarding/failures';
import { PartnerCenterError, type PartnerCenterErrorFields, TokenError } from '../../../src/partner-center';

const ids = { requestId: 'r-1', correlationId: 'c-1' };

function answered(
  call: PartnerCenterCall,
  fields: Partial<PartnerCenterErrorFields> & Pick<PartnerCenterErrorFields, 'kind'>,
): PartnerCenterError {
  return new PartnerCenterError({ operation: call, answerUnknown: false, ...ids, ...fields });
}

type Row = [call: PartnerCenterCall, fields: Parameters<typeof answered>[1], type: FailureType, retried: boolean];

const validation = { EmailAddress: ['The EmailAddress field is required.'] };

const table: Row[] = [
  // 600061 whatever its status, by code or by name
  ['createAgreement', { kind: 'refused', status: 400, code: '600061' }, 'AgreementAlreadyExists', false],
  ['createAgreement', { kind: 'refused', status: 409, code: '600061' }, 'AgreementAlreadyExists', false],
  ['createAgreement', { kind: 'refused', status: 403, code: '600061' }, 'AgreementAlreadyExists', false],
  ['createAgreement', { kind: 'unavailable', status: 500, code: '600061' }, 'AgreementAlreadyExists', false],
  [
    'createAgreement',
    { kind: 'refused', status: 409, errorName: 'PartnerConfirmedAgreementAlreadyExists' },
    'AgreementAlreadyExists',
    false,
  ],
  // attestation
  ['createAttestation', { kind: 'refused', status: 400, errors: validation }, 'AttestationRejected', false],
  ['createAttestation', { kind: 'refused', status: 400 }, 'AttestationRefused', false],
  ['createAttestation', { kind: 'refused', status: 409 }, 'AttestationRefused', false],
  ['createAttestation', { kind: 'refused', status: 422, errors: validation }, 'AttestationRefused', false],
  ['createAttestation', { kind: 'refused', status: 404 }, 'NotAvailableForPartner', false],
  // access
  ['createAttestation', { kind: 'refused', status: 302 }, 'AccessDenied', false],
  ['createAgreement', { kind: 'refused', status: 301 }, 'AccessDenied', false],
  ['createAttestation', { kind: 'refused', status: 401 }, 'AuthenticationRejected', false],
  ['createAgreement', { kind: 'refused', status: 401 }, 'AuthenticationRejected', false],
  ['createAttestation', { kind: 'refused', status: 403 }, 'AccessDenied', false],
  ['createAgreement', { kind: 'refused', status: 403, isRetryable: true }, 'AccessDenied', false],
  // agreement
  ['createAgreement', { kind: 'refused', status: 404 }, 'CustomerNotFound', false],
  ['createAgreement', { kind: 'refused', status: 400 }, 'AgreementRefused', false],
  ['createAgreement', { kind: 'refused', status: 400, errors: validation }, 'AgreementRefused', false],
  ['createAgreement', { kind: 'refused', status: 409, isRetryable: false }, 'AgreementRefused', false],
  ['createAgreement', { kind: 'refused', status: 412 }, 'AgreementRefused', false],
  ['createAgreement', { kind: 'refused', status: 400, isRetryable: true }, 'PartnerCenterUnavailable', true],
  // outages and throttling
  ['createAttestation', { kind: 'throttled', status: 429 }, 'Throttled', true],
  ['createAgreement', { kind: 'throttled', status: 429 }, 'Throttled', true],
  ['createAttestation', { kind: 'unavailable', status: 408 }, 'PartnerCenterUnavailable', true],
  ['createAgreement', { kind: 'unavailable', status: 500, answerUnknown: true }, 'PartnerCenterUnavailable', true],
  ['createAgreement', { kind: 'unavailable', status: 503, answerUnknown: true }, 'PartnerCenterUnavailable', true],
  ['createAttestation', { kind: 'unavailable', status: 201, answerUnknown: true }, 'PartnerCenterUnavailable', true],
  ['createAgreement', { kind: 'noAnswer', answerUnknown: true }, 'PartnerCenterUnavailable', true],
];

test.each(table)('%s answered with %j is %s', (call, fields, type, retried) => {
  const error = answered(call, fields);
  expect(toFailureType(error, call)).toBe(type);
  expect(failureRules[type].retried).toBe(retried);
  expect(toApplicationFailure(error, call, false)).toMatchObject({ type, nonRetryable: !retried });
});

test.each([
  ['refused', 'TokenRefused', true],
  ['unavailable', 'TokenUnavailable', false],
] as const)('a token that Entra %s is %s', (kind, type, nonRetryable) => {
  const error = new TokenError({ kind });
  expect(toApplicationFailure(error, 'createAgreement', false)).toMatchObject({ type, nonRetryable });
});

test('Retry-After sets the next attempt of a throttled call only', () => {
  const throttled = answered('createAgreement', { kind: 'throttled', status: 429, retryAfterMs: 57_000 });
  expect(toApplicationFailure(throttled, 'createAgreement', false).nextRetryDelay).toBe(57_000);
  const unavailable = answered('createAgreement', { kind: 'unavailable', status: 503, retryAfterMs: 57_000 });
  expect(toApplicationFailure(unavailable, 'createAgreement', false).nextRetryDelay).toBeUndefined();
});

test('a failure carries status, codes and ids, and whether an answer was lost', () => {
  const error = answered('createAgreement', { kind: 'refused', status: 400, code: '600061', errorName: 'Name' });
  expect(toApplicationFailure(error, 'createAgreement', true).details).toEqual([
    { problem: { status: 400, code: '600061', errorName: 'Name', ...ids }, answersLost: true },
  ]);
});

test('a failure has no cause, so that no request or response is printed', () => {
  const failure = toApplicationFailure(answered('createAgreement', { kind: 'noAnswer' }), 'createAgreement', false);
  expect(failure.cause).toBeUndefined();
  expect(inspect(failure, { depth: Infinity, showHidden: true })).not.toContain('[cause]');
});
