import { CUSTOMER, useSimulator } from './client';

const client = useSimulator();

const duplicate = {
  code: 600061,
  message: 'A partner confirmed agreement already exists for the customer.',
  description: 'A partner confirmed agreement already exists for the customer.',
  errorName: 'PartnerConfirmedAgreementAlreadyExists',
  isRetryable: false,
  parameters: {},
  errorMessageExtended: 'InternalErrorCode=600061',
};

const primaryContact = {
  firstName: 'John',
  lastName: 'Smith',
  email: 'john.smith@contoso.com',
  phoneNumber: '+1-555-0123',
};

async function acceptAndAgree(fields: object = {}) {
  return client().agree({ attestationId: await client().acceptedAttestation(fields) });
}

describe('a second agreement of a customer', () => {
  it('with the same contact is a duplicate, with the documented body', async () => {
    expect((await acceptAndAgree()).status).toBe(201);
    const second = await acceptAndAgree();
    expect(second.status).toBe(400);
    expect(second.json).toEqual(duplicate);
    expect(await client().committed()).toBe(1);
  });

  it('is a duplicate across the primary contact method and attestations', async () => {
    expect((await client().agree({ primaryContact })).status).toBe(201);
    expect((await acceptAndAgree()).json).toEqual(duplicate);
  });

  it('is allowed with another phone number, unless one equal field is enough for a duplicate', async () => {
    await acceptAndAgree();
    expect((await acceptAndAgree({ phoneNumber: '+1-555-9999' })).status).toBe(201);
    await client().switches({ duplicateMatch: 'any' });
    expect((await acceptAndAgree({ phoneNumber: '+1-555-7777' })).json).toEqual(duplicate);
  });

  it('is a duplicate for every signatory when duplicates are decided by customer', async () => {
    await client().switches({ duplicateMatch: 'customer' });
    await acceptAndAgree();
    const other = { signatoryFirstName: 'A', signatoryLastName: 'B', emailAddress: 'a@b.example', phoneNumber: '1' };
    expect((await acceptAndAgree(other)).json).toEqual(duplicate);
  });

  it('ignores case only when switched', async () => {
    await acceptAndAgree();
    expect((await acceptAndAgree({ signatoryFirstName: 'JOHN' })).status).toBe(201);
    await client().switches({ duplicateIgnoresCase: true });
    expect((await acceptAndAgree({ signatoryFirstName: 'joHN' })).json).toEqual(duplicate);
  });

  it('is answered with the status and the type of code that the switches set', async () => {
    await client().switches({ duplicateStatus: 409, duplicateCodeType: 'string' });
    await acceptAndAgree();
    const second = await acceptAndAgree();
    expect(second.status).toBe(409);
    expect(second.json).toEqual({ ...duplicate, code: '600061' });
  });

  it('compares the primary contact instead when switched', async () => {
    await acceptAndAgree();
    const attestationId = await client().acceptedAttestation();
    const fields = { attestationId, primaryContact: { ...primaryContact, firstName: 'Jane' } };
    expect((await client().agree(fields)).json).toEqual(duplicate);
    await client().switches({ duplicateAgainst: 'primaryContact' });
    expect((await client().agree(fields)).status).toBe(201);
  });
});

describe('a repeated call whose first answer was lost', () => {
  const headers = { 'ms-requestid': '11111111-1111-4111-8111-111111111111' };

  it('gets the duplicate error because of its own agreement', async () => {
    const attestationId = await client().acceptedAttestation();
    await client().faults([{ on: 'createAgreement', effect: 'loseAnswer' }]);
    await expect(client().agree({ attestationId }, headers)).rejects.toThrow('fetch failed');
    expect((await client().agree({ attestationId }, headers)).json).toEqual(duplicate);
  });

  it('is refused because the attestation is used, when that is checked first', async () => {
    await client().switches({ duplicateCheckedFirst: false });
    const attestationId = await client().acceptedAttestation();
    await client().agree({ attestationId });
    expect((await client().agree({ attestationId })).json).toMatchObject({ errorName: 'AttestationAlreadyUsed' });
  });

  it('gets the first answer when request ids are replayed', async () => {
    await client().switches({ requestIdReplay: 'replay' });
    const attestationId = await client().acceptedAttestation();
    await client().faults([{ on: 'createAgreement', effect: 'loseAnswer' }]);
    await expect(client().agree({ attestationId }, headers)).rejects.toThrow('fetch failed');
    expect((await client().agree({ attestationId }, headers)).status).toBe(201);
    expect(await client().committed()).toBe(1);
    const other = { 'ms-requestid': '22222222-2222-4222-8222-222222222222' };
    expect((await client().agree({ attestationId }, other)).json).toEqual(duplicate);
  });
});

describe('the state of the attestation at create agreement', () => {
  it('is refused when the attestation does not exist', async () => {
    const reply = await client().agree({ attestationId: '00000000-0000-4000-8000-000000000000' });
    expect(reply.json).toMatchObject({ errorName: 'AttestationNotFound' });
  });

  it('can be expired if it was accepted in time, unless switched', async () => {
    const attestationId = await client().acceptedAttestation();
    await client().send('PUT', '/simulator/clock', { offsetMs: 61 * 60_000 });
    await client().switches({ attestationRefusals: { expiredAfterAcceptance: { accepted: false, status: 409 } } });
    const refused = await client().agree({ attestationId });
    expect(refused.status).toBe(409);
    expect(refused.json).toMatchObject({ errorName: 'AttestationExpired' });
    await client().switches({ attestationRefusals: { expiredAfterAcceptance: { accepted: true } } });
    expect((await client().agree({ attestationId })).status).toBe(201);
  });

  it('allows one agreement, or several when switched', async () => {
    const [one, other] = [CUSTOMER, '9d4c1a52-9a0e-4a0b-8f6e-0a3f1b2c3d4e'];
    const attestationId = await client().acceptedAttestation();
    await client().agree({ attestationId }, {}, one);
    const again = () => client().agree({ attestationId }, {}, other);
    expect((await again()).json).toMatchObject({ errorName: 'AttestationAlreadyUsed' });
    await client().switches({ attestationReuse: 'sameCustomer' });
    expect((await again()).status).toBe(400);
    await client().switches({ attestationReuse: 'allowed' });
    expect((await again()).status).toBe(201);
    expect((await client().send('GET', '/simulator/agreements')).json).toMatchObject({ createdTwice: [attestationId] });
  });

  it('is refused with the switched body, without isRetryable when that is null', async () => {
    const custom = { status: 404, code: '4711', errorName: 'Waiting', isRetryable: null };
    await client().switches({ attestationRefusals: { notAccepted: custom } });
    const reply = await client().agree({ attestationId: await client().attest() });
    expect(reply.status).toBe(404);
    expect(reply.json).toMatchObject({ code: '4711', errorName: 'Waiting' });
    expect(reply.json).not.toHaveProperty('isRetryable');
  });
});

describe('the body of create agreement', () => {
  it('does not compare the primary contact with the attestation', async () => {
    const attestationId = await client().acceptedAttestation();
    const reply = await client().agree({ attestationId, primaryContact: { ...primaryContact, email: 'x@y.example' } });
    expect(reply.status).toBe(201);
    expect(reply.json).toMatchObject({ primaryContact: { email: 'x@y.example' } });
  });

  it('takes the type from the template', async () => {
    const attestationId = await client().acceptedAttestation();
    const reply = await client().agree({ attestationId, type: 'MicrosoftCloudAgreement' });
    expect(reply.json).toMatchObject({ type: 'MicrosoftCustomerAgreement' });
  });

  it('refuses the template of the Cloud Agreement', async () => {
    const templateId = '998b88de-aa99-4388-a42c-1b3517d49490';
    const reply = await client().agree({ attestationId: await client().acceptedAttestation(), templateId });
    expect(reply.status).toBe(400);
    expect(reply.json).toMatchObject({ description: expect.stringContaining('is no longer supported') });
  });

  it('reads a date without a zone as UTC and returns dates without one', async () => {
    const attestationId = await client().acceptedAttestation();
    const reply = await client().agree({ attestationId, dateAgreed: '2025-06-03T16:42:12' });
    expect(reply.json).toMatchObject({ dateAgreed: '2025-06-03T16:42:12' });
    const kept = await client().send('GET', '/simulator/agreements');
    expect(kept.json).toMatchObject({ customers: { [CUSTOMER]: [{ dateAgreed: '2025-06-03T16:42:12.000Z' }] } });
  });

  it.each([
    ['nothing that identifies the contact', {}],
    ['an unreadable date', { primaryContact, dateAgreed: 'yesterday' }],
    ['an unknown type', { primaryContact, type: 'Other' }],
    ['an unknown template', { primaryContact, templateId: 'other' }],
  ])('is refused with %s', async (_what, fields) => {
    const reply = await client().agree(fields);
    expect(reply.status).toBe(400);
    expect(reply.json).toMatchObject({ code: 3000, source: 'PartnerFD' });
  });

  it('is checked by the rules that are switched on', async () => {
    const attestationId = await client().acceptedAttestation();
    const status = async (fields: object) => (await client().agree({ attestationId, ...fields })).status;
    await client().switches({
      userIdRequired: true,
      dateAgreedMustFollowAcceptance: true,
      maxDateAgreedSkewMs: 60_000,
    });
    const now = Date.now();
    expect(await status({ dateAgreed: new Date(now).toISOString() })).toBe(400);
    expect(await status({ userId: 'u', dateAgreed: new Date(now - 3_600_000).toISOString() })).toBe(400);
    expect(await status({ userId: 'u', dateAgreed: new Date(now + 3_600_000).toISOString() })).toBe(400);
    expect(await status({ userId: 'u', dateAgreed: new Date(now + 30_000).toISOString() })).toBe(201);
    await client().switches({ primaryContactMethod: false });
    expect((await client().agree({ userId: 'u', primaryContact })).status).toBe(400);
  });

  it('is answered with 200 and the attestation when switched', async () => {
    await client().switches({ createdStatus: 200, echoAttestationId: true });
    const attestationId = await client().acceptedAttestation();
    const reply = await client().agree({ attestationId });
    expect(reply.status).toBe(200);
    expect(reply.json).toMatchObject({ attestationId });
  });
});

describe('the ids of a call', () => {
  it('are returned as sent and generated when absent', async () => {
    const headers = { 'ms-requestid': 'a-request', 'ms-correlationid': 'a-correlation' };
    const echoed = await client().agree({}, headers);
    expect(echoed.headers.get('ms-requestid')).toBe('a-request');
    expect(echoed.headers.get('ms-correlationid')).toBe('a-correlation');
    const generated = await client().agree({});
    expect(generated.headers.get('ms-requestid')).toMatch(/^[0-9a-f-]{36}$/);
    expect(generated.headers.get('ms-correlationid')).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe('the customer', () => {
  it('must be a GUID, known and related to the partner', async () => {
    const call = async (customerId: string) => (await client().agree({}, {}, customerId)).json;
    expect(await call('contoso')).toMatchObject({ code: 900118 });
    await client().switches({ unknownCustomers: [CUSTOMER.toUpperCase()] });
    expect(await call(CUSTOMER)).toMatchObject({ code: 60003 });
    await client().switches({ unknownCustomers: [], unrelatedCustomers: [CUSTOMER] });
    expect(await call(CUSTOMER)).toMatchObject({ code: 20002 });
  });
});
