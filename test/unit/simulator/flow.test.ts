import { CUSTOMER, signatory, useSimulator } from './client';

const client = useSimulator();

describe('attestation, acceptance, agreement', () => {
  it('answers Create Attestation with the id alone and a Location without the version', async () => {
    const reply = await client().api('POST', '/attestations/enhanced', signatory);
    expect(reply.status).toBe(201);
    expect(reply.json).toEqual({ attestationId: expect.any(String) });
    const { attestationId } = reply.json as { attestationId: string };
    expect(reply.headers.get('location')).toBe(`/attestations/enhanced/${attestationId}`);
  });

  it('creates two attestations for two equal requests', async () => {
    expect(await client().attest()).not.toBe(await client().attest());
  });

  it('creates the agreement once the customer has accepted', async () => {
    const attestationId = await client().attest();
    const early = await client().agree({ attestationId });
    expect(early.status).toBe(400);
    expect(early.json).toMatchObject({ errorName: 'AttestationNotAccepted', isRetryable: false });

    expect((await client().accept(attestationId)).status).toBe(200);
    const reply = await client().agree({ attestationId, userId: 'u-1', dateAgreed: '2026-11-24T09:00:00.000Z' });
    expect(reply.status).toBe(201);
    expect(reply.json).toEqual({
      userId: 'u-1',
      templateId: '117a77b0-9360-443b-8795-c6dedc750cf9',
      dateAgreed: '2026-11-24T09:00:00',
      type: 'MicrosoftCustomerAgreement',
      agreementLink: 'https://aka.ms/customeragreement',
    });
    const kept = await client().send('GET', '/simulator/agreements');
    expect(kept.json).toMatchObject({
      total: 1,
      customers: { [CUSTOMER]: [{ attestationId, contact: { email: 'john.smith@contoso.com' } }] },
      commitsPerAttestation: { [attestationId]: 1 },
      createdTwice: [],
    });
  });
});
