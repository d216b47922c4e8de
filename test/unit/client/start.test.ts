import { compareRequests } from '../../../src/client/start';
import { attestedRequest } from '../../support/requests';

const known = attestedRequest();
const attestation = known.attestation;

test('a member that is undefined counts as missing, at any depth', () => {
  const sent = {
    ...known,
    resellerId: undefined,
    attestation: { ...attestation, expirationInMinutes: undefined },
    agreement: { userId: undefined },
    metadata: undefined,
  };
  expect(compareRequests({ ...known, agreement: {} }, sent)).toEqual({ outcome: 'known', ignored: [] });
  expect(compareRequests(sent, { ...known, agreement: {} })).toEqual({ outcome: 'known', ignored: [] });
});

test('the default of the attestation’s lifetime equals the same value when it is sent', () => {
  const sent = { ...known, attestation: { ...attestation, expirationInMinutes: 60 } };
  expect(compareRequests(known, sent)).toEqual({ outcome: 'known', ignored: [] });
});

test('members of the content that differ are a conflict, and are named with their path', () => {
  const sent = {
    ...known,
    customerId: '00000000-0000-4000-8000-000000000000',
    attestation: { ...attestation, companyName: 'Fabrikam', expirationInMinutes: 90 },
    agreement: { templateId: 'another' },
  };
  expect(compareRequests(known, sent)).toEqual({
    outcome: 'conflict',
    differing: ['customerId', 'attestation.expirationInMinutes', 'attestation.companyName', 'agreement.templateId'],
  });
});

test('other members that differ are named and ignored', () => {
  const sent = { ...known, metadata: { owner: 'team-8' }, remindAfterMinutes: [30] };
  expect(compareRequests({ ...known, metadata: { owner: 'team-7' } }, sent)).toEqual({
    outcome: 'known',
    ignored: ['metadata', 'remindAfterMinutes'],
  });
});
