import { buildStartOptions } from '../../src/client/start';
import type { agreementOnboarding } from '../../src/workflows';
import { onboardingStatusQuery } from '../../src/workflows/messages';
import { attestedRequest } from '../support/requests';
import { type Invitation, TestStack } from '../support/test-stack';

let stack: TestStack;

beforeAll(async () => {
  stack = await TestStack.start({ server: 'dev', worker: true, page: true });
});
afterAll(() => stack?.close());
beforeEach(() => stack.control.reset());

const ACCEPTED = { round: '1', acceptanceId: 'acceptance-of-a-test', statement: 'mca-signatory-statement-1' };

function post(url: string, fields: Record<string, string> = {}, headers: Record<string, string> = {}) {
  return fetch(url, { method: 'POST', body: new URLSearchParams(fields), headers, redirect: 'manual' });
}

async function countEvents({ handle }: Invitation): Promise<number> {
  return (await handle.fetchHistory()).events!.length;
}

/** The same deal once more, after its first run has ended. */
async function restartDeal(): Promise<{ old: Invitation; next: Invitation }> {
  const old = await stack.startInvitedWithLink();
  await post(`${old.url}/declined`, { code: 'doesNotAccept' });
  await old.handle.result();
  const next = await stack.startWithLink(old.request);
  await stack.until(next.handle, ({ status }) => status === 'awaitingAcceptance');
  return { old, next };
}

describe('reading', () => {
  test('the page is one small answer with a strict policy', async () => {
    const { url } = await stack.startInvitedWithLink();
    const response = await fetch(url);
    expect(response.status).toBe(200);
    expect(Buffer.byteLength(await response.text())).toBeLessThan(50_000);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'permissions-policy': expect.stringContaining('camera=()'),
      'x-robots-tag': expect.stringContaining('noindex'),
    });
    const policy = response.headers.get('content-security-policy')!;
    expect(policy.split('; ')).toEqual([
      "default-src 'none'",
      expect.stringMatching(/^script-src 'sha256-[^']+'$/),
      expect.stringMatching(/^style-src 'sha256-[^']+'$/),
      "connect-src 'self'",
      'img-src data:',
      `frame-src ${stack.simulator.url}`,
      "form-action 'self'",
      "base-uri 'none'",
      "frame-ancestors 'none'",
    ]);
  });

  test('opening the link any number of times changes nothing, because mail scanners do so', async () => {
    const invitation = await stack.startInvitedWithLink();
    const before = await countEvents(invitation);
    for (const address of [invitation.url, `${invitation.url}/status`, `${invitation.url}?lang=fr`]) {
      await fetch(address);
      await fetch(address, { method: 'HEAD' });
    }
    await expect(countEvents(invitation)).resolves.toBe(before);
  });

  test('the status is small, holds the remaining time and no secret', async () => {
    const { handle, url } = await stack.startInvitedWithLink();
    const body = await (await fetch(`${url}/status`)).text();
    expect(JSON.parse(body)).toEqual({ state: 'awaiting', version: 'awaiting 1', remainingMs: expect.any(Number) });
    expect(body.length).toBeLessThan(200);
    expect(body).not.toContain((await handle.query(onboardingStatusQuery)).attestation!.id);
  });

  test('invalid, altered and outdated links all get the same answer', async () => {
    const { token } = await stack.startInvitedWithLink();
    const forgotten = stack.page.getLink(attestedRequest(), '01234567-89ab-4cde-8f01-23456789abcd').token;
    const altered = `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`;
    const pages = new Set<string>();
    for (const invalid of ['x', '%00', altered, token.slice(1), `${token}A`, forgotten]) {
      const response = await fetch(`${stack.page.origin}/accept/${invalid}`);
      expect(response.status).toBe(404);
      expect(response.headers.get('cache-control')).toBe('no-store');
      pages.add((await response.text()).replaceAll(/\/accept\/[^"?]+/g, ''));
      const status = await fetch(`${stack.page.origin}/accept/${invalid}/status`);
      expect([status.status, await status.json()]).toEqual([404, { state: 'unknown', version: 'unknown' }]);
      expect((await post(`${stack.page.origin}/accept/${invalid}/accepted`, ACCEPTED)).status).toBe(404);
    }
    expect(pages.size).toBe(1);
  });

  test('an onboarding without a signatory has no page', async () => {
    const request = attestedRequest();
    const { attestation: _none, ...withPrimaryContact } = {
      ...request,
      agreement: {
        primaryContact: { firstName: 'John', lastName: 'Smith', email: 'john.smith@contoso.com' },
        dateAgreed: '2026-11-20T10:00:00.000Z',
      },
    };
    const { firstExecutionRunId } = await stack.server.client.workflow.start<typeof agreementOnboarding>(
      'agreementOnboarding',
      buildStartOptions(stack.taskQueue, withPrimaryContact, 1),
    );
    const { url } = stack.page.getLink(request, firstExecutionRunId);
    expect((await fetch(url)).status).toBe(404);
  });
});

describe('acting', () => {
  test('the forms redirect to the page, in the chosen language', async () => {
    await stack.control.faults({ on: 'createAgreement', delayMs: 300 });
    const { token, url } = await stack.startInvitedWithLink();
    await stack.control.accept();
    const response = await post(`${url}/accepted?lang=es`, ACCEPTED);
    expect([response.status, response.headers.get('location')]).toEqual([303, `/accept/${token}?lang=es`]);
  });

  test('an acceptance that is sent again, even after the end, counts once', async () => {
    const { handle, request, url } = await stack.startInvitedWithLink();
    await stack.control.accept();
    await Promise.all([post(`${url}/accepted`, ACCEPTED), post(`${url}/accepted`, ACCEPTED)]);
    await handle.result();
    expect((await post(`${url}/accepted`, ACCEPTED)).status).toBe(303);
    await expect(stack.control.callsFor(request.customerId, 'createAgreement')).resolves.toHaveLength(1);
    await expect((await fetch(`${url}/status`)).json()).resolves.toMatchObject({ state: 'created' });
  });

  test('time and source of the acceptance are set by the gateway, whatever the form says', async () => {
    const { handle, url } = await stack.startInvitedWithLink();
    await stack.control.accept();
    const before = new Date().toISOString();
    await post(`${url}/accepted`, {
      ...ACCEPTED,
      acceptedAt: '2020-01-01T00:00:00Z',
      source: 'operator',
      ip: '9.9.9.9',
    });
    await handle.result();
    const { acceptance } = await handle.query(onboardingStatusQuery);
    expect(acceptance).toMatchObject({
      source: 'page',
      acceptanceId: ACCEPTED.acceptanceId,
      page: { ip: '127.0.0.1' },
    });
    expect(acceptance!.acceptedAt! >= before).toBe(true);
  });

  test.each([
    ['another site', { 'sec-fetch-site': 'cross-site' }],
    ['another host of the same site', { 'sec-fetch-site': 'same-site' }],
    ['another origin, in a browser that only sends Origin', { origin: 'https://evil.example' }],
  ])('a form sent from %s is refused', async (_sender, headers) => {
    const invitation = await stack.startInvitedWithLink();
    const before = await countEvents(invitation);
    for (const action of ['accepted', 'declined', 'renew', 'visit']) {
      expect((await post(`${invitation.url}/${action}`, ACCEPTED, headers)).status).toBe(403);
    }
    await expect(countEvents(invitation)).resolves.toBe(before);
  });

  test.each([
    ['that names the page’s own site', { 'sec-fetch-site': 'same-origin' }],
    ['from a browser that sends the origin null for its own forms', { origin: 'null' }],
    ['from an older browser behind a proxy, which names the public address', { origin: 'http://127.0.0.1:1' }],
    ['without any of these headers', {}],
  ])('a form %s is accepted', async (_sender, headers: Record<string, string>) => {
    const { handle, url } = await stack.startInvitedWithLink();
    expect((await post(`${url}/declined`, { code: 'doesNotAccept' }, headers)).status).toBe(303);
    await expect(handle.result()).resolves.toMatchObject({ outcome: 'declined' });
  });

  test('at most 200 visits of one link reach the run', async () => {
    const { handle, url } = await stack.startInvitedWithLink();
    for (let visit = 1; visit <= 201; visit += 1) {
      expect((await post(`${url}/visit`, { event: 'opened', round: '1' })).status).toBe(204);
    }
    await stack.until(handle, ({ page }) => page?.lastOpenedAt !== page?.firstOpenedAt);
    await handle.terminate(); // the history shows signals only after the workflow task in progress has ended
    const { events } = await handle.fetchHistory();
    const signals = events!.map(({ workflowExecutionSignaledEventAttributes: signal }) => signal?.signalName);
    expect(signals.filter((name) => name === 'pageVisited')).toHaveLength(200);
  });

  test('a window that is still open is not renewed, and one link can request a renewal 100 times', async () => {
    const { handle, url } = await stack.startInvitedWithLink();
    for (let press = 1; press <= 100; press += 1) expect((await post(`${url}/renew`)).status).toBe(303);
    expect((await post(`${url}/renew`)).status).toBe(429);
    expect((await handle.query(onboardingStatusQuery)).attestation).toMatchObject({ round: 1 });
  });

  test('no personal data and no link are logged', async () => {
    const { token, url } = await stack.startInvitedWithLink();
    await stack.stopWorkers();
    try {
      const response = await post(`${url}/declined`, { code: 'other', comment: 'a secret reason' });
      expect(response.status).toBe(503);
      expect(await response.text()).toContain('a secret reason'); // ready to be sent again
    } finally {
      await stack.startWorker();
    }
    const lines = JSON.stringify(stack.page.log);
    expect(lines).toContain('could not be saved');
    for (const secret of [token, 'a secret reason', 'Smith', 'Contoso']) expect(lines).not.toContain(secret);
  });
});

describe('which run a link belongs to', () => {
  test('an old link says that there is a newer request, and does not affect it', async () => {
    const { old, next } = await restartDeal();
    await expect((await fetch(`${old.url}/status`)).json()).resolves.toMatchObject({ state: 'replaced' });
    for (const action of ['accepted', 'declined', 'renew', 'visit']) await post(`${old.url}/${action}`, ACCEPTED);
    await post(`${next.url}/visit`, { event: 'opened', round: '1' });
    await stack.until(next.handle, ({ page }) => page?.firstOpenedAt !== undefined);
    const { events } = await next.handle.fetchHistory();
    const messages = events!.flatMap((event) => [
      ...(event.workflowExecutionSignaledEventAttributes ? ['signal'] : []),
      ...(event.workflowExecutionUpdateAcceptedEventAttributes ? ['update'] : []),
    ]);
    expect(messages).toEqual(['signal']); // the visit by the new link, sent after everything by the old one
    await expect((await fetch(`${next.url}/status`)).json()).resolves.toMatchObject({ state: 'awaiting' });
  });
});

describe('states that follow from errors of Partner Center', () => {
  test.each([
    ['preparing', { effect: 'hang' }],
    ['rejected', { status: 400, body: { errors: { country: ['is unknown'] } } }],
    ['attention', { status: 403, body: '' }],
  ])('%s', async (state, fault) => {
    await stack.control.faults({ on: 'createAttestation', ...fault });
    const { url } = await stack.startWithLink(attestedRequest());
    await stack.page.untilState(url, state);
  });

  test('attentionAfterAcceptance, alreadyExists, withdrawn', async () => {
    await stack.control.faults({ on: 'createAgreement', status: 403, body: '' });
    const waiting = await stack.startInvitedWithLink();
    await stack.control.accept();
    await post(`${waiting.url}/accepted`, ACCEPTED);
    await stack.page.untilState(waiting.url, 'attentionAfterAcceptance');
    await waiting.handle.cancel();
    await stack.page.untilState(waiting.url, 'withdrawn');

    const first = await stack.startInvitedWithLink();
    const second = await stack.startInvitedWithLink({ customerId: first.request.customerId });
    for (const { url, handle } of [first, second]) {
      const { id } = (await handle.query(onboardingStatusQuery)).attestation!;
      await stack.control.accept(id);
      await post(`${url}/accepted`, ACCEPTED);
      await handle.result();
    }
    await stack.page.untilState(first.url, 'created');
    await stack.page.untilState(second.url, 'alreadyExists');
  });

  test('a run that was terminated is shown as closed, not as accepted', async () => {
    const { handle, url } = await stack.startInvitedWithLink();
    await handle.terminate();
    await stack.page.untilState(url, 'failed');
  });
});

describe('Temporal cannot be reached', () => {
  test('the page offers to send the form again with the same acceptance id, which then counts', async () => {
    const { handle, url } = await stack.startInvitedWithLink();
    await stack.control.accept();
    await fetch(url); // the page caches the names
    await stack.page.disconnectTemporal();
    try {
      const page = await fetch(url);
      expect([page.status, page.headers.get('retry-after')]).toEqual([503, '5']);
      expect(await page.text()).toContain('This page cannot be shown at the moment');
      const status = await fetch(`${url}/status`);
      expect([status.status, await status.json()]).toEqual([503, { state: 'unavailable' }]);
      const answer = await post(`${url}/accepted`, ACCEPTED);
      const markup = await answer.text();
      expect(answer.status).toBe(503);
      expect(markup).toContain('Your answer could not be saved yet');
      expect(markup).toContain(`name="acceptanceId" value="${ACCEPTED.acceptanceId}"`);
    } finally {
      await stack.page.reconnectTemporal();
    }
    await stack.page.untilState(url, 'awaiting');
    expect((await post(`${url}/accepted`, ACCEPTED)).status).toBe(303);
    await expect(handle.result()).resolves.toMatchObject({ outcome: 'agreementCreated' });
  }, 120_000);
});
