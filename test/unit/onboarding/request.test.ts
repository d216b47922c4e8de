import fc from 'fast-check';
import { checkRequest } from '../../../src/onboarding/request-schema';
import { findRequestFault } from '../../../src/onboarding/request';
import { attestedRequest, primaryContactRequest } from '../../support/requests';

function findPointers(input: unknown): string[] {
  return (checkRequest(input).faults ?? []).map(({ pointer }) => pointer).toSorted();
}

function withAttestation(attestation: Record<string, unknown>): unknown {
  const request = attestedRequest();
  return { ...request, attestation: { ...request.attestation, ...attestation } };
}

test('Microsoft’s example passes unchanged', () => {
  const request = attestedRequest();
  expect(checkRequest(request)).toEqual({ request });
});

test('all faults are reported at once, each with a pointer to its field', () => {
  const faulty = withAttestation({
    country: 'us',
    language: 'english',
    companyName: ' ',
    emailAddress: 'nobody',
    phoneNumber: 'x',
  });
  expect(findPointers({ ...(faulty as object), dealId: '-', customerId: 'contoso', extra: 1 })).toEqual([
    '/attestation/companyName',
    '/attestation/country',
    '/attestation/emailAddress',
    '/attestation/language',
    '/attestation/phoneNumber',
    '/customerId',
    '/dealId',
    '/extra',
  ]);
});

test.each([4, 10_081, 5.5, '60', null])('expirationInMinutes %p is refused', (expirationInMinutes) => {
  expect(findPointers(withAttestation({ expirationInMinutes }))).toEqual(['/attestation/expirationInMinutes']);
});

test.each([5, 60, 10_080])('expirationInMinutes %p passes', (expirationInMinutes) => {
  expect(findPointers(withAttestation({ expirationInMinutes }))).toEqual([]);
});

test('a link may not expire before its attestation', () => {
  expect(findPointers(attestedRequest({ linkValidForMinutes: 59 }))).toEqual(['/linkValidForMinutes']);
  expect(findPointers(attestedRequest({ linkValidForMinutes: 60 }))).toEqual([]);
  expect(findPointers(attestedRequest({ linkValidForMinutes: 43_201 }))).toEqual(['/linkValidForMinutes']);
});

test('reminders are at most five, and each comes before the link ends', () => {
  const request = (remindAfterMinutes: unknown) => attestedRequest({ remindAfterMinutes } as never);
  expect(findPointers(request([1, 30, 59]))).toEqual([]);
  expect(findPointers(request([60]))).toEqual(['/remindAfterMinutes']);
  expect(findPointers(request([0, 1.5]))).toEqual(['/remindAfterMinutes/0', '/remindAfterMinutes/1']);
  expect(findPointers(request([1, 2, 3, 4, 5, 6]))).toEqual(['/remindAfterMinutes']);
  expect(findPointers(request('soon'))).toEqual(['/remindAfterMinutes']);
  const long = attestedRequest({ linkValidForMinutes: 43_200, remindAfterMinutes: [1440, 4320] });
  expect(findPointers(long)).toEqual([]);
});

test('contradicting members are reported together with other faults', () => {
  const faulty = attestedRequest({ dealId: '-', linkValidForMinutes: 30, remindAfterMinutes: [45] });
  expect(findPointers(faulty)).toEqual(['/dealId', '/linkValidForMinutes', '/remindAfterMinutes']);
});

test('a refused callback URL is reported with the given reason', () => {
  const callbackRefusal = (url: string) => (url.includes('elsewhere') ? 'is not ours' : undefined);
  const faultsAt = (callbackUrl: string) =>
    checkRequest(attestedRequest({ callbackUrl }), { callbackRefusal }).faults ?? [];
  expect(faultsAt('https://crm.example.com/hook')).toEqual([]);
  expect(faultsAt('https://elsewhere.example/hook')).toEqual([{ pointer: '/callbackUrl', detail: 'is not ours' }]);
  expect(faultsAt('elsewhere').map(({ detail }) => detail)).toEqual(['must be an https URL']);
});

test('a missing attestation is reported', () => {
  const { attestation: _, ...rest } = attestedRequest();
  expect(checkRequest(rest).faults).toEqual([
    { pointer: '/attestation', detail: expect.stringContaining('must be given') },
  ]);
});

test.each(['+1-555-0123', '+4930123456', '1234567890', '+44 (0)20 7946 0958'])(
  'the phone number %s passes unchanged',
  (phoneNumber) => {
    expect(checkRequest(withAttestation({ phoneNumber })).request?.attestation?.phoneNumber).toBe(phoneNumber);
  },
);

test.each(['Müller & Söhne GmbH', '株式会社コントソ', 'شركة كونتوسو', "O'Neill"])(
  'the company %s passes unchanged',
  (companyName) => {
    expect(checkRequest(withAttestation({ companyName })).request?.attestation?.companyName).toBe(companyName);
  },
);

test('a customer id is kept in lower case', () => {
  const request = attestedRequest({ customerId: '0B2A4F1E-6C1D-4F0E-9C59-2F7F6D1A8E35' });
  expect(checkRequest(request).request?.customerId).toBe('0b2a4f1e-6c1d-4f0e-9c59-2f7f6d1a8e35');
});

test('metadata is limited to twenty members, names of 40 and values of 500 characters', () => {
  const many = Object.fromEntries(Array.from({ length: 21 }, (_, index) => [`m${index}`, 'v']));
  expect(findPointers(attestedRequest({ metadata: many }))).toEqual(['/metadata']);
  expect(findPointers(attestedRequest({ metadata: { owner: 'x'.repeat(501) } }))).toEqual(['/metadata/owner']);
  expect(findPointers(attestedRequest({ metadata: { ['n'.repeat(41)]: 'v' } }))).toHaveLength(1);
});

test('the primary contact method is refused with the reason, unless it is allowed', () => {
  const { faults } = checkRequest(primaryContactRequest());
  expect(faults).toEqual([
    {
      pointer: '/agreement/primaryContact',
      detail: expect.stringContaining('retired in the public cloud on 2026-01-05'),
    },
  ]);
  expect(checkRequest(primaryContactRequest(), { allowPrimaryContactMethod: true }).faults).toBeUndefined();
});

test('a date without a zone is read as UTC, as in Partner Center’s own samples', () => {
  const request = primaryContactRequest();
  request.agreement.dateAgreed = '2025-06-03T16:42:12';
  const checked = checkRequest(request, { allowPrimaryContactMethod: true });
  expect(checked.request?.agreement).toMatchObject({ dateAgreed: '2025-06-03T16:42:12.000Z' });
});

test('the check never throws, and every request it passes can run', () => {
  const anything = fc.anything({ withNullPrototype: true, withBigInt: true, withMap: true });
  const nearMiss = fc
    .tuple(
      fc.constantFrom(
        'dealId',
        'customerId',
        'attestation',
        'agreement',
        'metadata',
        'linkValidForMinutes',
        'remindAfterMinutes',
        'callbackUrl',
      ),
      anything,
    )
    .map(([member, value]) => ({ ...attestedRequest(), [member]: value }));
  const nearMissInside = fc
    .tuple(
      fc.constantFrom('country', 'language', 'companyName', 'emailAddress', 'phoneNumber', 'expirationInMinutes'),
      anything,
    )
    .map(([member, value]) => withAttestation({ [member]: value }));
  fc.assert(
    fc.property(fc.oneof(anything, nearMiss, nearMissInside), (input) => {
      const { request, faults } = checkRequest(input);
      if (request !== undefined) expect(findRequestFault(request)).toBeUndefined();
      else for (const { pointer, detail } of faults) expect(`${pointer} ${detail}`).toMatch(/^(\/\S*)? ?\S/);
    }),
    { numRuns: 500 },
  );
});
