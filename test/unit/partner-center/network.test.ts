import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { createPartnerCenter, PartnerCenterError } from '../../../src/partner-center';
import { makeCertificate } from '../../support/certificates';
import { eventually } from '../../support/eventually';
import { agreement, attestation, call, customerId } from './fixtures';
import {
  json,
  expectRejection,
  resetConnection,
  startClientTestBed,
  neverAnswer,
  text,
  type Answer,
  type ClientTestBed,
} from '../../support/http-server';

let testBed: ClientTestBed;
beforeEach(async () => {
  testBed = await startClientTestBed({ timeoutMs: 30_000 });
  await testBed.partnerCenter.checkCredentials();
});
afterEach(() => testBed.close());

async function callAndGetError(answer: Answer, partnerCenter = testBed.partnerCenter): Promise<PartnerCenterError> {
  testBed.api.answer(answer);
  return expectRejection(partnerCenter.createAgreement(customerId, agreement, call), PartnerCenterError);
}

/** A client with a short time limit that has its token already; on a busy machine the token takes several attempts. */
async function createShortTimeoutClient() {
  const client = createPartnerCenter({ ...testBed.settings, timeoutMs: 250 });
  const hasToken = () =>
    client.checkCredentials().then(
      () => true,
      () => false,
    );
  await eventually(hasToken, { what: 'a token' });
  return client;
}

describe('when no answer comes', () => {
  test('because the connection is reset, the outcome is unknown', async () => {
    const error = await callAndGetError(resetConnection);
    expect(error).toMatchObject({ kind: 'noAnswer', networkCode: 'ECONNRESET', answerUnknown: true });
    expect(error.message).toBe('createAgreement got no answer from Partner Center: ECONNRESET');
  });

  test('because nothing listens, nothing was done', async () => {
    const gone = createPartnerCenter({ ...testBed.settings, baseUrl: 'http://127.0.0.1:1' });
    const error = await expectRejection(gone.createAgreement(customerId, agreement, call), PartnerCenterError);
    expect(error).toMatchObject({ kind: 'noAnswer', networkCode: 'ECONNREFUSED', answerUnknown: false });
    gone.close();
  });

  test('because the host has no address, nothing was done', async () => {
    const lost = createPartnerCenter({ ...testBed.settings, baseUrl: 'http://partner-center.invalid' });
    const error = await expectRejection(lost.createAgreement(customerId, agreement, call), PartnerCenterError);
    expect(error).toMatchObject({ kind: 'noAnswer', answerUnknown: false });
    expect(error.networkCode).toMatch(/^(ENOTFOUND|EAI_AGAIN)$/);
    lost.close();
  });

  test('because the certificate is not trusted, nothing was sent', async () => {
    const { key, certificate } = makeCertificate();
    const requests: string[] = [];
    const server = createServer({ key, cert: certificate }, (request) => requests.push(request.url ?? ''));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const baseUrl = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const wary = createPartnerCenter({ ...testBed.settings, baseUrl });
    const error = await expectRejection(wary.createAgreement(customerId, agreement, call), PartnerCenterError);
    expect(error).toMatchObject({ kind: 'noAnswer', networkCode: 'DEPTH_ZERO_SELF_SIGNED_CERT', answerUnknown: false });
    expect(requests).toEqual([]);
    wary.close();
    await new Promise((resolve) => server.close(resolve));
  });

  test('because the server hangs, the call times out', async () => {
    const client = await createShortTimeoutClient();
    const error = await callAndGetError(neverAnswer, client);
    expect(error).toMatchObject({ kind: 'noAnswer', answerUnknown: true });
    expect(error.message).toBe('createAgreement got no answer from Partner Center: timed out');
    client.close();
  });

  test('because a slow body never ends, the call times out', async () => {
    const client = await createShortTimeoutClient();
    let drip: NodeJS.Timeout | undefined;
    const error = await callAndGetError((_request, response) => {
      response.writeHead(201);
      drip = setInterval(() => response.write(' '), 20);
    }, client);
    clearInterval(drip);
    expect(error.message).toBe('createAgreement got no answer from Partner Center: timed out');
    client.close();
  });

  test('because the body was cut short, the outcome is unknown', async () => {
    const error = await callAndGetError((_request, response) => {
      response.writeHead(201, { 'content-length': 500 }).write('{"templateId":"11');
      setImmediate(() => response.socket?.destroy());
    });
    expect(error).toMatchObject({ kind: 'noAnswer', answerUnknown: true });
    expect(error.message).toContain('the answer was cut short');
  });

  test('because the body is over the limit, the outcome is unknown', async () => {
    const error = await callAndGetError(json(201, { templateId: 'x'.repeat(2_000_000) }));
    expect(error).toMatchObject({ kind: 'unavailable', answerUnknown: true });
    expect(error.message).toContain('a body over the limit');
  });
});

describe('a single attempt', () => {
  test.each([408, 429, 500, 502, 503, 504])('is not repeated after %i', async (status) => {
    const error = await callAndGetError(text(status, '', { 'retry-after': '7' }));
    expect(error).toMatchObject({ status, retryAfterMs: 7_000 });
    expect(testBed.api.requests).toHaveLength(1);
  });

  test('follows no redirect, so the token is sent nowhere else', async () => {
    const error = await callAndGetError(text(307, '', { location: `${testBed.entra.url}/elsewhere` }));
    expect(error).toMatchObject({ kind: 'refused', status: 307, answerUnknown: false });
    expect(testBed.api.requests).toHaveLength(1);
    expect(testBed.entra.requests).toHaveLength(1);
  });
});

describe('connections', () => {
  test('are reused by later calls', async () => {
    testBed.api.answer(json(201, { attestationId: 'a-1' }));
    for (let calls = 0; calls < 10; calls += 1) await testBed.partnerCenter.createAttestation(attestation, call);
    expect(testBed.api.connections).toBe(1);
  });

  test('ignore the proxy of the environment', async () => {
    const before = process.env['http_proxy'];
    process.env['http_proxy'] = 'http://127.0.0.1:1';
    try {
      testBed.api.answer(json(201, { attestationId: 'a-1' }));
      await expect(testBed.partnerCenter.createAttestation(attestation, call)).resolves.toEqual({
        attestationId: 'a-1',
      });
    } finally {
      if (before === undefined) delete process.env['http_proxy'];
      else process.env['http_proxy'] = before;
    }
  });

  test('end when the client is closed, even during a call', async () => {
    testBed.api.answer(neverAnswer);
    const pending = expectRejection(testBed.partnerCenter.createAttestation(attestation, call), PartnerCenterError);
    await testBed.api.waitForRequests(1);
    testBed.partnerCenter.close();
    expect(await pending).toMatchObject({ kind: 'noAnswer', answerUnknown: true });
  });
});
