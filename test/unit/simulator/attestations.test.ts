import { signatory, useSimulator } from './client';

const client = useSimulator();

const page = (id: string) => client().send('GET', `/mca/?attestationid=${id}`);

const post = (fields: object) => client().api('POST', '/attestations/enhanced', { ...signatory, ...fields });

const refusal = (errors: object) => ({
  type: 'validation',
  title: 'One or more validation errors occurred',
  status: 400,
  errors,
});

describe('the validation of an attestation', () => {
  it('names every missing field at once, in PascalCase', async () => {
    const reply = await post({ companyName: undefined, emailAddress: '  ' });
    expect(reply.status).toBe(400);
    expect(reply.json).toEqual(
      refusal({
        CompanyName: ['The CompanyName field is required.'],
        EmailAddress: ['The EmailAddress field is required.'],
      }),
    );
  });

  it.each([4, 10_081])('refuses an expiration of %s minutes', async (expirationInMinutes) => {
    const reply = await post({ expirationInMinutes });
    expect(reply.json).toEqual(
      refusal({
        ExpirationInMinutes: ['ExpirationInMinutes must be between 5 minutes and 7 days (10,080 minutes).'],
      }),
    );
  });

  it.each([5, 10_080, null])('accepts an expiration of %s minutes', async (expirationInMinutes) => {
    expect((await post({ expirationInMinutes })).status).toBe(201);
  });

  it.each(['30', 30.5, true])('refuses %j as a number of minutes', async (expirationInMinutes) => {
    const reply = await post({ expirationInMinutes });
    expect(reply.json).toEqual(refusal({ ExpirationInMinutes: [expect.stringContaining('is not valid')] }));
  });

  it('refuses an invalid e-mail address', async () => {
    expect((await post({ emailAddress: 'john.smith' })).json).toMatchObject({
      errors: { EmailAddress: [expect.stringContaining('e-mail')] },
    });
  });

  it.each(['{"country":', '[]', '"text"'])('refuses the body %s', async (body) => {
    const reply = await client().api('POST', '/attestations/enhanced', body);
    expect(reply.status).toBe(400);
    expect(reply.json).toEqual(refusal({ $: [expect.any(String)] }));
  });

  it('requires a phone number unless switched', async () => {
    expect((await post({ phoneNumber: '' })).json).toMatchObject({ errors: { PhoneNumber: [expect.any(String)] } });
    await client().switches({ phoneRequired: false });
    expect((await post({ phoneNumber: '' })).status).toBe(201);
  });

  it('checks country and language against the published documents when switched', async () => {
    const swissItalian = { country: 'CH', language: 'it-IT' };
    expect((await post(swissItalian)).status).toBe(201);
    await client().switches({ countryLanguagePairsEnforced: true });
    expect((await post(swissItalian)).json).toMatchObject({ errors: { Language: [expect.any(String)] } });
    expect((await post({ country: 'CH', language: 'fr-FR' })).status).toBe(201);
    expect((await post({ country: 'CN', language: 'en-US' })).status).toBe(400);
  });
});

describe('an attestation', () => {
  it('cannot be accepted or used after it has expired', async () => {
    const attestationId = await client().attest({ expirationInMinutes: 5 });
    await client().send('PUT', '/simulator/clock', { offsetMs: 5 * 60_000 });
    expect((await client().accept(attestationId)).status).toBe(409);
    const answer = await client().send('POST', '/mca/accept', { attestationId });
    expect(answer.text).toContain('This link has expired');
    expect((await client().agree({ attestationId })).json).toMatchObject({ errorName: 'AttestationExpired' });
  });

  it('has no status endpoint unless switched', async () => {
    const attestationId = await client().attest();
    const read = () => client().api('GET', `/attestations/enhanced/${attestationId}`);
    expect((await read()).status).toBe(404);
    await client().switches({ attestationStatusEndpoint: true });
    expect((await read()).json).toEqual({ attestationId, status: 'Pending' });
    await client().accept(attestationId);
    expect((await read()).json).toEqual({ attestationId, status: 'Accepted' });
  });

  it('is the newest open one when a control call names none', async () => {
    const accepted = await client().acceptedAttestation();
    const newest = await client().attest();
    expect((await client().send('POST', '/simulator/acceptances', {})).json).toMatchObject({ attestationId: newest });
    const none = await client().send('POST', '/simulator/acceptances');
    expect(none.status).toBe(404);
    expect(none.json).toMatchObject({ title: expect.stringContaining('no attestation') });
    expect((await client().accept(accepted)).status).toBe(200);
  });
});

describe('Microsoft’s page', () => {
  it('shows company, signatory and a button, and that the text is simulated', async () => {
    const shown = await page(await client().attest({ companyName: 'Fish & <Chips>' }));
    expect(shown.status).toBe(200);
    expect(shown.headers.get('content-type')).toContain('text/html');
    expect(shown.text).toContain('Fish &#38; &#60;Chips&#62;');
    expect(shown.text).toContain('John Smith');
    expect(shown.text).toContain('<button type="submit">Accept Agreement</button>');
    expect(shown.text).toContain('Simulated agreement text');
    expect(shown.text).not.toContain('<script');
  });

  it('accepts by its form without a token, and a second time without effect', async () => {
    const attestationId = await client().attest();
    const submit = () =>
      client().send('POST', '/mca/accept', `attestationid=${attestationId}`, {
        'content-type': 'application/x-www-form-urlencoded',
      });
    expect((await submit()).text).toContain('You have accepted the agreement');
    expect((await submit()).text).toContain('You have accepted the agreement');
    expect((await page(attestationId)).text).toContain('You have accepted the agreement');
    expect((await client().journal('acceptance')).map((entry) => entry.committed)).toEqual([true, false]);
    expect((await client().agree({ attestationId })).status).toBe(201);
  });

  it('answers an expired or unknown link with the switched status', async () => {
    const attestationId = await client().attest();
    expect((await page('nonsense')).status).toBe(404);
    await client().switches({ expiredPageStatus: 410, frameAncestors: "'none'" });
    await client().send('PUT', '/simulator/clock', { offsetMs: 60 * 60_000 });
    const expired = await page(attestationId);
    expect(expired.status).toBe(410);
    expect(expired.headers.get('content-security-policy')).toBe("frame-ancestors 'none'");
    expect(expired.text).toContain('This link has expired');
  });

  it('sends a message to its parent window only when switched', async () => {
    const attestationId = await client().acceptedAttestation();
    expect((await page(attestationId)).text).not.toContain('postMessage');
    await client().switches({ postMessage: true });
    expect((await page(attestationId)).text).toContain('parent.postMessage(');
  });
});
