import { eventually } from '../../support/eventually';
import { CUSTOMER, signatory, useSimulator } from './client';

const client = useSimulator();

const attest = () => client().api('POST', '/attestations/enhanced', signatory);
const statuses = async (count: number) => {
  const found: number[] = [];
  for (let call = 0; call < count; call += 1) found.push((await attest()).status);
  return found;
};
const listResults = async () => {
  const found: (number | string)[] = [];
  for (let call = 0; call < 40; call += 1)
    found.push(
      await attest().then(
        ({ status }) => status,
        () => 'lost',
      ),
    );
  return found;
};
const attestations = async () => ((await client().send('GET', '/simulator/attestations')).json as object[]).length;

describe('a scripted answer', () => {
  it('replaces the real one, once by default, and commits nothing', async () => {
    await client().faults([{ on: 'createAttestation', status: 503 }]);
    expect(await statuses(2)).toEqual([503, 201]);
    expect(await attestations()).toBe(1);
  });

  it('skips calls and applies to a number of calls; then the next entry applies', async () => {
    await client().faults([
      { on: 'createAttestation', skip: 1, times: 2, status: 500 },
      { on: 'createAttestation', status: 429 },
    ]);
    expect(await statuses(5)).toEqual([429, 500, 500, 201, 201]);
  });

  it.each([0, 'always'])('applies without limit with times %j, until the script is replaced', async (times) => {
    await client().faults([{ on: 'createAttestation', times, status: 502 }]);
    expect(await statuses(3)).toEqual([502, 502, 502]);
    await client().faults([]);
    expect(await statuses(1)).toEqual([201]);
  });

  it('can be limited to one customer', async () => {
    await client().faults([{ on: 'createAgreement', customerId: CUSTOMER.toUpperCase(), status: 418 }]);
    expect((await client().agree({}, {}, '9d4c1a52-9a0e-4a0b-8f6e-0a3f1b2c3d4e')).status).toBe(400);
    expect((await client().agree({})).status).toBe(418);
  });

  it('can have any body, header and Retry-After', async () => {
    await client().faults([
      { on: 'createAttestation', status: 503, body: '<html>Bad gateway</html>', retryAfter: 7 },
      {
        on: 'createAttestation',
        status: 201,
        body: '{"attestationId":',
        headers: { 'Content-Type': 'application/json' },
      },
      { on: 'createAttestation', status: 201, body: {} },
      { on: 'createAttestation', status: 500, body: '' },
    ]);
    const [html, broken, bare, empty] = [await attest(), await attest(), await attest(), await attest()];
    expect(html.headers.get('content-type')).toContain('text/html');
    expect(html.headers.get('retry-after')).toBe('7');
    expect(broken.headers.get('content-type')).toContain('application/json');
    expect(broken.text).toBe('{"attestationId":');
    expect(bare.json).toEqual({});
    expect(empty.text).toBe('');
  });

  it('has the usual body of the service when none is given', async () => {
    await client().faults([
      { on: 'createAttestation', status: 429 },
      { on: 'createAttestation', status: 401 },
      { on: 'createAttestation', status: 500 },
      { on: 'token', status: 503 },
      { on: 'auditRecords', retryAfter: 9 },
    ]);
    const throttled = await attest();
    expect(throttled.json).toMatchObject({ statusCode: 429 });
    expect(throttled.headers.get('retry-after')).toBe('1');
    expect((await attest()).json).toMatchObject({ error: 'unauthorized' });
    expect((await attest()).json).toMatchObject({ code: 800003 });
    expect((await client().requestToken()).json).toMatchObject({ error: 'temporarily_unavailable' });
    const later = await client().api('GET', '/auditrecords');
    expect([later.status, later.headers.get('retry-after')]).toEqual([429, '9']);
  });

  it('can be the real one with a delay', async () => {
    await client().faults([{ on: 'createAttestation', delayMs: 80 }]);
    const startedAt = performance.now();
    expect(await statuses(1)).toEqual([201]);
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(75);
  });
});

describe('a delayed call', () => {
  it('is dropped as soon as the simulator is reset', async () => {
    await client().faults([{ on: 'createAttestation', delayMs: 60_000 }]);
    const outcome = attest().catch(String);
    await eventually(async () => (await client().journal()).length > 0, { what: 'the delayed call to arrive' });
    await client().send('POST', '/simulator/reset');
    expect(await outcome).toBe('TypeError: fetch failed');
    expect(await attestations()).toBe(0);
  });
});

describe('a connection that breaks', () => {
  it('before the call commits, by a reset', async () => {
    await client().faults([{ on: 'createAttestation', effect: 'reset' }]);
    await expect(attest()).rejects.toMatchObject({ cause: { code: 'ECONNRESET' } });
    expect(await attestations()).toBe(0);
  });

  it('after the call has committed', async () => {
    await client().faults([{ on: 'createAttestation', effect: 'loseAnswer' }]);
    await expect(attest()).rejects.toThrow('fetch failed');
    expect(await attestations()).toBe(1);
  });

  it('after the commit, with the answer of a gateway instead', async () => {
    await client().faults([{ on: 'createAttestation', effect: 'loseAnswer', status: 504 }]);
    expect(await statuses(1)).toEqual([504]);
    expect(await attestations()).toBe(1);
  });

  it('in the middle of the answer', async () => {
    await client().faults([{ on: 'createAttestation', effect: 'truncate' }]);
    await expect(attest()).rejects.toThrow('terminated');
    expect(await attestations()).toBe(1);
  });
});

describe('a server that does not answer', () => {
  it.each([
    ['hang', 0],
    ['loseAnswerHang', 1],
  ])('by %s leaves %i commits', async (effect, commits) => {
    await client().faults([{ on: 'createAttestation', effect }]);
    const abort = new AbortController();
    const pending = fetch(`${client().simulator.url}/v1/attestations/enhanced`, {
      method: 'POST',
      headers: { authorization: `Bearer ${client().token}`, 'content-type': 'application/json' },
      body: JSON.stringify(signatory),
      signal: abort.signal,
    });
    while ((await client().journal('createAttestation'))[0]?.effect !== effect);
    expect(await attestations()).toBe(commits);
    abort.abort();
    await expect(pending).rejects.toThrow('aborted');
    expect((await client().journal('createAttestation'))[0]).toMatchObject({ status: null, answeredAt: null });
  });
});

describe('random faults', () => {
  const plan = { seed: 7, rates: { createAttestation: { status503: 0.3, status429: 0.2, loseAnswer: 0.1 } } };

  it('are the same for the same seed, independent of other operations', async () => {
    await client().faults(plan);
    const first = await listResults();
    expect(new Set(first)).toEqual(new Set([201, 503, 429, 'lost']));
    await client().faults({ ...plan, rates: { ...plan.rates, token: { status500: 1 } } });
    expect((await client().requestToken()).status).toBe(500);
    expect(await listResults()).toEqual(first);
    await client().faults({ ...plan, seed: 8 });
    expect(await listResults()).not.toEqual(first);
  });

  it('apply after the script', async () => {
    await client().faults({
      script: [{ on: 'createAttestation', status: 418 }],
      rates: { createAttestation: { status500: 1 } },
    });
    expect(await statuses(2)).toEqual([418, 500]);
  });

  it('can be delays alone', async () => {
    await client().faults({ seed: 1, rates: { createAttestation: { delayMs: [30, 40] } } });
    const startedAt = performance.now();
    expect(await statuses(1)).toEqual([201]);
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(25);
  });
});

describe('an invalid fault plan', () => {
  it.each([
    [[{ on: 'createAttestation', state: 500 }], { 'script.0.state': ['There is no such member.'] }],
    [
      [{ on: 'createAttestation', effect: 'hang', status: 500 }],
      { 'script.0.effect': [expect.stringContaining('are allowed only with')] },
    ],
    [{ rates: { token: { status500: 0.9, hang: 0.2 } } }, { 'rates.token': [expect.stringContaining('more than 1')] }],
    [{ sed: 1 }, { sed: ['There is no such member.'] }],
  ])('is refused with the names of its wrong members: %j', async (wrong, errors) => {
    const reply = await client().faults(wrong);
    expect(reply.status).toBe(400);
    expect(reply.headers.get('content-type')).toContain('application/problem+json');
    expect(reply.json).toMatchObject({ status: 400, errors });
  });
});
