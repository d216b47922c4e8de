/** One delivery: what is sent, and what each answer of the receiver means. */
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { Webhook, WebhookVerificationError } from 'standardwebhooks';
import { makeCertificate } from '../../support/certificates';
import { BODY, deliverTo, newSecret, useReceiver } from './events-receiver';

const receiver = useReceiver();
const url = () => `${receiver().url}/hooks/onboarding?tenant=a-private-tenant`;

/** The one request, as a receiver's own code sees it. */
function received() {
  const { body, headers } = receiver().requests[0]!;
  return { body, headers: headers as Record<string, string> };
}

describe('the signature', () => {
  test('verifies with Standard Webhooks over exactly the bytes that were sent', async () => {
    const secret = newSecret();
    await deliverTo(url(), { secrets: [secret] });

    const { body, headers } = received();
    expect(body).toBe(BODY);
    expect(headers).toMatchObject({ 'content-type': 'application/json', 'webhook-id': 'run-1' });
    expect(new Webhook(secret).verify(body, headers)).toEqual(JSON.parse(BODY));
    expect(() => new Webhook(secret).verify(body.replace('accepted', 'declined'), headers)).toThrow(
      WebhookVerificationError,
    );
  });

  test('has one part for each secret, so that receivers with the old or the new one can verify it', async () => {
    const secrets = [newSecret(), newSecret()];
    await deliverTo(url(), { secrets });

    const { body, headers } = received();
    expect(headers['webhook-signature']).toMatch(/^v1,\S+ v1,\S+$/);
    for (const secret of secrets) expect(new Webhook(secret).verify(body, headers)).toBeDefined();
    expect(() => new Webhook(newSecret()).verify(body, headers)).toThrow(WebhookVerificationError);
  });

  test('has the time of this attempt, so that a replay is detected', async () => {
    const secret = newSecret();
    await deliverTo(url(), { secrets: [secret] }, { now: () => new Date(Date.now() - 6 * 60_000) });

    const { body, headers } = received();
    expect(() => new Webhook(secret).verify(body, headers)).toThrow('too old');
  });
});

describe('the answer', () => {
  test.each([200, 201, 202, 204, 299])('%i is delivered', async (status) => {
    receiver().answer((_request, response) => response.writeHead(status).end());
    expect(await deliverTo(url())).toEqual({ outcome: 'delivered', status });
  });

  test('410 ends the deliveries', async () => {
    receiver().answer((_request, response) => response.writeHead(410).end());
    expect(await deliverTo(url())).toEqual({ outcome: 'gone' });
  });

  test.each([304, 400, 401, 404, 409, 500, 503])('%i failed', async (status) => {
    receiver().answer((_request, response) => response.writeHead(status).end());
    expect(await deliverTo(url())).toEqual({ outcome: 'failed', status });
  });

  test('Retry-After is returned', async () => {
    receiver().answer((_request, response) => response.writeHead(429, { 'retry-after': '120' }).end());
    expect(await deliverTo(url())).toEqual({ outcome: 'failed', status: 429, retryAfter: '120' });
  });

  test.each([301, 302, 307, 308])('%i is not followed', async (status) => {
    receiver().answer((_request, response) => response.writeHead(status, { location: `${receiver().url}/else` }).end());
    expect(await deliverTo(url())).toEqual({ outcome: 'failed', status });
    expect(receiver().requests).toHaveLength(1);
  });

  test('an endless body does not delay the outcome', async () => {
    let written = 0;
    receiver().answer((_request, response) => {
      response.writeHead(200);
      const block = Buffer.alloc(64 * 1024);
      const write = () => {
        while (!response.destroyed && response.write(block)) written += block.length;
      };
      response.on('drain', write);
      write();
    });
    expect(await deliverTo(url())).toEqual({ outcome: 'delivered', status: 200 });
    expect(written).toBeLessThan(16 * 1024 * 1024);
  });

  test('a late one is a failure', async () => {
    receiver().answer(() => undefined);
    expect(await deliverTo(url(), {}, { timeoutMs: 150 })).toEqual({ outcome: 'unanswered', reason: 'timedOut' });
  });

  test('slow headers do not extend the time-out', async () => {
    receiver().answer((_request, response) => {
      const drip = setInterval(() => response.socket?.write('1'), 20);
      response.socket?.on('close', () => clearInterval(drip));
    });
    const { outcome } = await deliverTo(url(), {}, { timeoutMs: 300 });
    expect(outcome).toBe('unanswered');
  });

  test('a broken or refused connection is a failure with only its code', async () => {
    receiver().answer((_request, response) => response.socket?.resetAndDestroy());
    expect(await deliverTo(url())).toEqual({ outcome: 'unanswered', reason: 'ECONNRESET' });
    const closed = url();
    await receiver().close();
    expect(await deliverTo(closed)).toEqual({ outcome: 'unanswered', reason: 'ECONNREFUSED' });
  });
});

test('a certificate of an unknown authority is not accepted', async () => {
  const { key, certificate } = makeCertificate();
  const server: Server = createServer({ key, cert: certificate }, (_request, response) => response.end());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const { port } = server.address() as AddressInfo;
    expect(await deliverTo(`https://127.0.0.1:${port}/`)).toEqual({
      outcome: 'unanswered',
      reason: 'DEPTH_ZERO_SELF_SIGNED_CERT',
    });
  } finally {
    server.close();
  }
});

test('proxies of the environment are not used', async () => {
  process.env['HTTP_PROXY'] = process.env['http_proxy'] = 'http://127.0.0.1:9';
  try {
    expect(await deliverTo(url())).toMatchObject({ outcome: 'delivered' });
  } finally {
    delete process.env['HTTP_PROXY'];
    delete process.env['http_proxy'];
  }
});
