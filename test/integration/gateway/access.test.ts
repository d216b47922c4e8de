/** API keys, rate limits, and answers to requests that are not valid HTTP or JSON. Needs no Temporal. */
import { createHash } from 'node:crypto';
import { connect } from 'node:net';
import { findCaller, readKey } from '../../../src/gateway/authentication';
import { attestedRequest } from '../../support/requests';
import { keys, getProblemKind, type TestGateway } from '../../support/test-gateway';
import { TestStack } from '../../support/test-stack';

let stack: TestStack;
let gateway: TestGateway;

beforeAll(async () => {
  stack = await TestStack.start({ server: 'unreachable', gateway: true });
  gateway = stack.gateway;
});
afterAll(() => stack?.close());

const faulty = { dealId: '-' }; // gets past the key and no further

/** Sends bytes as they are; returns everything received until the gateway ends the connection. */
function raw(bytes: string, { ends = false } = {}): Promise<string> {
  const { port } = new URL(gateway.url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), '127.0.0.1', () => (ends ? socket.end(bytes) : socket.write(bytes)));
    let received = '';
    socket.on('data', (chunk: Buffer) => (received += chunk.toString()));
    socket.on('error', reject);
    socket.on('close', () => resolve(received));
  });
}

describe('an API key', () => {
  test('is needed for everything under /v1', async () => {
    for (const [method, path] of [
      ['POST', '/v1/onboardings'],
      ['GET', '/v1/onboardings'],
      ['GET', '/v1/onboardings/D-1'],
      ['POST', '/v1/onboardings/D-1/cancel'],
      ['DELETE', '/v1/onboardings/D-1'],
    ] as const) {
      const answer = await gateway.send(method, path, undefined, { key: '' });
      expect([path, answer.status, getProblemKind(answer)]).toEqual([path, 401, 'unauthenticated']);
      expect(answer.headers.get('www-authenticate')).toBe('Bearer');
    }
  });

  test('that is wrong is refused, and is in no log and no answer', async () => {
    const answer = await gateway.post('/v1/onboardings', faulty, { key: 'crm-key-2' });

    expect(answer.status).toBe(401);
    expect(JSON.stringify([answer.body, gateway.log])).not.toContain('crm-key-2');
  });

  test('can be sent as X-API-Key, for callers that can only send fixed headers', async () => {
    const headers = { 'x-api-key': keys.crm };
    expect((await gateway.send('POST', '/v1/onboardings', faulty, { key: '', headers })).status).toBe(400);
  });

  test('can be rotated: the old and the new one are both accepted', async () => {
    const hashed = (key: string) => ({ name: 'crm', sha256: createHash('sha256').update(key).digest() });
    const rotating = await stack.startGateway({ apiKeys: [hashed('new'), hashed('old')] });
    const statuses = [];
    for (const key of ['new', 'old', 'older']) {
      statuses.push((await rotating.post('/v1/onboardings', faulty, { key })).status);
    }
    expect(statuses).toEqual([400, 400, 401]);
  });

  test.each([
    [{}, undefined],
    [{ authorization: 'Bearer abc' }, 'abc'],
    [{ authorization: 'bearer  abc ' }, 'abc'],
    [{ authorization: 'Basic abc' }, undefined],
    [{ authorization: 'Bearer a b' }, undefined],
    [{ 'x-api-key': 'abc' }, 'abc'],
    [{ 'x-api-key': ['abc', 'def'] }, undefined],
    [{ authorization: 'Bearer abc', 'x-api-key': 'def' }, 'abc'],
  ])('in %j is read as %p', (headers, key) => {
    expect(readKey(headers)).toBe(key);
  });

  test('is found at any place in the list, with its reseller', () => {
    const all = ['a', 'b', 'c'].map((key) => ({
      name: key.toUpperCase(),
      resellerId: `r-${key}`,
      sha256: createHash('sha256').update(key).digest(),
    }));
    expect(findCaller('b', all)).toEqual({ name: 'B', resellerId: 'r-b' });
    expect(findCaller('d', all)).toBeUndefined();
    expect(findCaller('a', [])).toBeUndefined();
  });
});

describe('too many calls', () => {
  test('of one key are refused with Retry-After, and other keys are not affected', async () => {
    const limited = await stack.startGateway({ limits: { perKey: 3 } });
    const statuses = [];
    for (let calls = 0; calls < 4; calls++) statuses.push((await limited.post('/v1/onboardings', faulty)).status);
    expect(statuses).toEqual([400, 400, 400, 429]);
    const refused = await limited.post('/v1/onboardings', faulty);
    expect(getProblemKind(refused)).toBe('too-many-requests');
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(Number(refused.headers.get('retry-after'))).toBeLessThanOrEqual(60);
    expect((await limited.post('/v1/onboardings', faulty, { key: keys.fabrikam })).status).toBe(400);
  });

  test('without a valid key count for the address, and calls with a valid key still succeed', async () => {
    const limited = await stack.startGateway({ limits: { perAddress: 2 } });
    const statuses = [];
    for (let calls = 0; calls < 3; calls++) {
      statuses.push((await limited.get('/v1/onboardings/D-1', { key: `guess-${calls}` })).status);
    }
    expect(statuses).toEqual([401, 401, 429]);
    expect((await limited.get('/openapi.json', { key: '' })).status).toBe(429);
    expect((await limited.get('/healthz', { key: '' })).status).toBe(200);
    expect((await limited.post('/v1/onboardings', faulty)).status).toBe(400);
  });

  test('from behind a trusted proxy count for the address that it names', async () => {
    const behind = await stack.startGateway({
      limits: { perAddress: 1 },
      trustedProxies: ['127.0.0.1'],
    });
    const from = (address: string) =>
      behind.send('GET', '/v1/onboardings', undefined, { key: 'no', headers: { 'x-forwarded-for': address } });
    expect((await from('203.0.113.1')).status).toBe(401);
    expect((await from('203.0.113.1')).status).toBe(429);
    expect((await from('203.0.113.2')).status).toBe(401);
    expect((await from('2001:db8:1:1::1')).status).toBe(401);
    expect((await from('2001:db8:1:1::2')).status).toBe(429);
  });
});

describe('an invalid request', () => {
  test('gets different problems for an unknown path and a wrong method', async () => {
    const unknown = await gateway.get('/v2/onboardings');
    expect([unknown.status, getProblemKind(unknown)]).toEqual([404, 'not-found']);
    for (const method of ['DELETE', 'OPTIONS', 'QUERY']) {
      const wrong = await gateway.send(method, '/v1/onboardings/D-1', undefined);
      expect([method, wrong.status, getProblemKind(wrong)]).toEqual([method, 405, 'method-not-allowed']);
      expect(wrong.headers.get('allow')).toContain('GET');
    }
  });

  test('is refused for another media type, a body that is too large, or an invalid path', async () => {
    const headers = { 'content-type': 'text/plain' };
    const text = await gateway.send('POST', '/v1/onboardings', 'deal', { headers });
    expect([text.status, getProblemKind(text)]).toEqual([415, 'unsupported-media-type']);
    const large = await gateway.post('/v1/onboardings', { metadata: { note: 'x'.repeat(70_000) } });
    expect([large.status, getProblemKind(large)]).toEqual([413, 'body-too-large']);
    const path = await gateway.get('/elsewhere/%zz');
    expect([path.status, getProblemKind(path)]).toEqual([400, 'malformed-http']);
    const query = await gateway.send('QUERY', '/elsewhere', undefined); // needs a media type, whatever the path
    expect([query.status, getProblemKind(query)]).toEqual([400, 'malformed-http']);
  });

  test('is one with the body null, but not one without a body where none is required', async () => {
    const none = await gateway.post('/v1/onboardings/D-1/cancel');
    expect([none.status, getProblemKind(none)]).toEqual([503, 'temporal-unavailable']); // let through, and there is no Temporal
    const empty = await gateway.post('/v1/onboardings/D-1/cancel', 'null');
    expect(empty).toMatchObject({ status: 400, body: { errors: [{ pointer: '' }] } });
  });

  test('gets the caller’s correlation id if it is valid, and a new one otherwise', async () => {
    const sent = (header: string, id: string) =>
      gateway.send('POST', '/v1/onboardings', faulty, { headers: { [header]: id } });
    expect((await sent('x-correlation-id', 'crm-run-4711')).body['correlationId']).toBe('crm-run-4711');
    expect((await sent('x-request-id', 'crm-run-4712')).headers.get('x-correlation-id')).toBe('crm-run-4712');
    const own = await sent('x-correlation-id', 'a"b{c}<script>');
    expect(own.body['correlationId']).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('gets a problem even if it is not HTTP or its headers are too large', async () => {
    expect(await raw('GARBAGE\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 [\s\S]*problem\+json[\s\S]*malformed-http/);
    const huge = `GET /healthz HTTP/1.1\r\nhost: x\r\nx-large: ${'a'.repeat(20_000)}\r\n\r\n`;
    expect(await raw(huge)).toMatch(/^HTTP\/1\.1 431 [\s\S]*headers-too-large/);
  });
});

describe('a client', () => {
  const head = `POST /v1/onboardings HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${keys.crm}\r\ncontent-type: application/json\r\ncontent-length: 500\r\n\r\n`;

  test('that disconnects in the middle of its body does not affect the gateway', async () => {
    await Promise.all(Array.from({ length: 50 }, () => raw(`${head}{"dealId"`, { ends: true })));

    expect((await gateway.post('/v1/onboardings', faulty)).status).toBe(400);
  });

  test('that disconnects without waiting for the answer does not affect the gateway', async () => {
    const { port } = new URL(gateway.url);
    const body = JSON.stringify(attestedRequest());
    await Promise.all(
      Array.from(
        { length: 20 },
        () =>
          new Promise<void>((resolve) => {
            const socket = connect(Number(port), '127.0.0.1', () => {
              socket.write(head.replace('500', String(Buffer.byteLength(body))) + body, () => socket.resetAndDestroy());
            });
            socket.on('close', () => resolve());
          }),
      ),
    );

    expect((await gateway.post('/v1/onboardings', faulty)).status).toBe(400);
  });

  test('that sends its body too slowly gets a 408 after ten seconds', async () => {
    const startedAt = performance.now();
    const answer = await raw(`${head}{"dealId"`);

    expect(answer).toMatch(/^HTTP\/1\.1 408 [\s\S]*request-timeout/);
    expect(performance.now() - startedAt).toBeLessThan(15_000);
  });
});
