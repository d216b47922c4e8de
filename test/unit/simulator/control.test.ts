import { createHash } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { CUSTOMER, signatory, useSimulator } from './client';

const client = useSimulator();

describe('the journal', () => {
  it('contains each call with its answer, but no token', async () => {
    await client().agree({ attestationId: await client().attest() }, { 'ms-requestid': 'r-1' });
    const entries = await client().journal();
    expect(entries.map(({ operation, status, committed }) => [operation, status, committed])).toEqual([
      ['createAttestation', 201, true],
      ['createAgreement', 400, false],
    ]);
    const hash = createHash('sha256').update(client().token).digest('hex').slice(0, 8);
    expect(entries[0]).toMatchObject({
      sequence: 1,
      method: 'POST',
      path: '/v1/attestations/enhanced',
      rawBody: JSON.stringify(signatory),
      body: signatory,
      headers: { authorization: `Bearer ${hash}`, 'content-type': 'application/json' },
      effect: 'answer',
    });
    expect(entries[1]).toMatchObject({ customerId: CUSTOMER, headers: { 'ms-requestid': 'r-1' } });
    expect(JSON.stringify(entries)).not.toContain(client().token);
  });

  it('hides the client secret of a token request', async () => {
    await client().requestToken();
    const [entry] = await client().journal('token');
    expect(entry).toMatchObject({ body: { grant_type: 'client_credentials' }, status: 200 });
    expect(JSON.stringify(entry)).not.toContain(client().simulator.credentials.clientSecret);
  });

  it('can be filtered by customer and cleared', async () => {
    await client().agree({});
    await client().attest();
    const ofCustomer = await client().send('GET', `/simulator/journal?customerId=${CUSTOMER.toUpperCase()}`);
    expect(ofCustomer.json).toEqual([expect.objectContaining({ operation: 'createAgreement' })]);
    await client().send('DELETE', '/simulator/journal');
    expect(await client().journal()).toEqual([]);
  });
});

describe('the CRM receiver', () => {
  it('records each delivery unchanged, with its answer', async () => {
    await client().faults([{ on: 'crmEvent', status: 500 }]);
    const raw = '{ "type": "onboarding.accepted" }';
    const deliver = () => client().send('POST', '/crm/events', raw, { 'webhook-id': 'm-1' });
    expect([(await deliver()).status, (await deliver()).status]).toEqual([500, 204]);
    const events = await client().send('GET', '/simulator/crm-events');
    expect(events.json).toMatchObject([
      { rawBody: raw, body: { type: 'onboarding.accepted' }, headers: { 'webhook-id': 'm-1' }, status: 500 },
      { rawBody: raw, status: 204, verified: null },
    ]);
  });

  it('checks signatures once the secret is set, and refuses every other signature', async () => {
    const secret = `whsec_${Buffer.alloc(32, 1).toString('base64')}`;
    await client().send('PUT', '/simulator/switches', { crmSecret: secret });
    const deliver = async (raw: string, signedWith: string) => {
      const at = new Date();
      const { status } = await client().send('POST', '/crm/events', raw, {
        'webhook-id': 'm-1',
        'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
        'webhook-signature': new Webhook(signedWith).sign('m-1', at, raw),
      });
      return status;
    };
    const other = `whsec_${Buffer.alloc(32, 2).toString('base64')}`;

    expect(await deliver('{"a":1}', secret)).toBe(204);
    expect(await deliver('{"a":1}', other)).toBe(401);
    expect((await client().send('POST', '/crm/events', '{}')).status).toBe(401);
    const events = await client().send('GET', '/simulator/crm-events');
    expect(events.json).toMatchObject([{ verified: true }, { verified: false }, { verified: false }]);
    expect((await client().send('PUT', '/simulator/switches', { crmSecret: 'secret' })).status).toBe(400);
  });
});

describe('the clock', () => {
  it('moves by an offset or to a time', async () => {
    await client().send('PUT', '/simulator/clock', { now: '2030-01-01T00:00:00Z' });
    expect((await client().send('GET', '/simulator/clock')).json).toMatchObject({
      now: expect.stringMatching(/^2030-01-01T00:00:0/),
    });
    expect((await client().send('PUT', '/simulator/clock', { offsetMs: 0 })).json).toMatchObject({ offsetMs: 0 });
  });
});

describe('an invalid control call', () => {
  it.each([
    ['PUT', '/simulator/switches', { phoneRequire: true }, { phoneRequire: ['There is no such member.'] }],
    ['PUT', '/simulator/switches', { duplicateStatus: 500 }, { duplicateStatus: [expect.any(String)] }],
    ['PUT', '/simulator/switches', { throttle: { each: 1 } }, { 'throttle.each': ['There is no such member.'] }],
    ['PUT', '/simulator/clock', { offset: 5 }, { offset: ['There is no such member.'] }],
    [
      'PUT',
      '/simulator/clock',
      { offsetMs: 5, now: '2030-01-01T00:00:00Z' },
      { body: ['give either offsetMs or now'] },
    ],
    ['POST', '/simulator/acceptances', { id: 'x' }, { id: ['There is no such member.'] }],
    ['POST', '/simulator/credentials', {}, { clientSecret: [expect.any(String)] }],
    ['GET', '/simulator/journal?operations=token', undefined, { operations: ['There is no such member.'] }],
  ])('gets the names of its wrong members: %s %s %j', async (method, path, body, errors) => {
    const reply = await client().send(method, path, body);
    expect(reply.status).toBe(400);
    expect(reply.json).toMatchObject({ errors });
  });

  it('gets an error for a body that is not JSON and for an unknown route', async () => {
    expect((await client().send('PUT', '/simulator/faults', '[')).json).toMatchObject({
      status: 400,
      title: expect.stringContaining('JSON'),
    });
    const nowhere = await client().send('GET', '/simulator/nowhere');
    expect(nowhere.status).toBe(404);
    expect(nowhere.json).toMatchObject({ title: expect.stringContaining('GET /simulator/nowhere') });
  });
});

describe('a reset', () => {
  it('restores the initial state but keeps tokens valid', async () => {
    await client().acceptedAttestation();
    await client().switches({ phoneRequired: false });
    await client().faults([{ on: 'createAttestation', status: 500 }]);
    await client().send('PUT', '/simulator/clock', { offsetMs: 5 });
    await client().send('POST', '/simulator/reset');
    expect(await client().journal()).toEqual([]);
    expect((await client().send('GET', '/simulator/attestations')).json).toEqual([]);
    expect((await client().send('GET', '/simulator/faults')).json).toEqual([]);
    expect((await client().send('GET', '/simulator/switches')).json).toMatchObject({ phoneRequired: true });
    expect((await client().send('GET', '/simulator/clock')).json).toMatchObject({ offsetMs: 0 });
    expect(await client().attest()).toEqual(expect.any(String));
  });
});
