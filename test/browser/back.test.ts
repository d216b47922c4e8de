/** The signatory visits another site and comes back with the browser's back button. */
import { once } from 'node:events';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { STATEMENT_ID } from '../../src/acceptance-page/language';
import { type Invitation, TestStack } from '../support/test-stack';
import { Signatory } from './support/signatory';

let stack: TestStack;
let signatory: Signatory;
let proxy: Server;

beforeAll(async () => {
  stack = await TestStack.start({ server: 'dev', worker: true, page: true, browser: { backForwardCache: true } });
  proxy = await startProxy(stack.page.origin);
});
afterAll(async () => {
  proxy?.closeAllConnections();
  proxy?.close();
  await stack?.close();
});
beforeEach(async () => {
  await stack.control.reset();
  signatory = await Signatory.open(stack.browser);
  await signatory.page.addInitScript("addEventListener('pageshow', (event) => (globalThis.wasKept = event.persisted))");
});
afterEach(() => signatory?.close());

/** A proxy that removes Cache-Control, as some do, so that the browser may keep the page in its back-forward cache. */
async function startProxy(origin: string): Promise<Server> {
  const server = createServer((incoming, reply) => {
    const { method = 'GET', headers, url } = incoming;
    const onward = request(`${origin}${url}`, { method, headers }, (answer) => {
      const { 'cache-control': _removed, ...rest } = answer.headers;
      reply.writeHead(answer.statusCode!, rest);
      answer.pipe(reply);
    });
    onward.on('error', () => reply.destroy());
    incoming.pipe(onward);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

/** To another site, because pages of the same site are not kept. */
async function goElsewhere(): Promise<void> {
  await signatory.page.goto(`${stack.simulator.url.replace('127.0.0.1', 'localhost')}/simulator/switches`);
}

/** Without waiting for a load, because a page that was kept is not loaded again. */
async function goBack(): Promise<void> {
  await signatory.page.goBack({ waitUntil: 'commit' });
}

/** As on another device. */
async function finishMeanwhile({ url, handle }: Invitation): Promise<void> {
  await stack.control.accept();
  const body = new URLSearchParams({ statement: STATEMENT_ID, round: '1' });
  expect((await fetch(`${url}/accepted`, { method: 'POST', body, redirect: 'manual' })).status).toBe(303);
  await handle.result();
}

async function expectDone(): Promise<void> {
  await signatory.waitForHeading('Done: the agreement is on record');
  await expect(signatory.page.getByRole('button').count()).resolves.toBe(0);
  await expect(signatory.page.locator('iframe').count()).resolves.toBe(0);
}

test('the browser loads the page again, which shows the current state', async () => {
  const invitation = await stack.startInvitedWithLink();
  await signatory.goTo(invitation.url);
  await signatory.waitForHeading(/^Step 1 of 2/);
  await goElsewhere();
  await finishMeanwhile(invitation);

  await goBack();
  await expectDone();
  await expect(signatory.page.evaluate('wasKept')).resolves.toBe(false);
});

test('a page from the back-forward cache asks for the current state at once', async () => {
  const invitation = await stack.startInvitedWithLink();
  await signatory.goTo(`http://127.0.0.1:${(proxy.address() as AddressInfo).port}/accept/${invitation.token}`);
  await signatory.waitForHeading(/^Step 1 of 2/);
  await goElsewhere();
  await finishMeanwhile(invitation);

  await goBack();
  await expectDone();
  await expect(signatory.page.evaluate('wasKept')).resolves.toBe(true);
});

test('on a page from the back-forward cache that is still current, the signatory can finish', async () => {
  const { handle, token } = await stack.startInvitedWithLink();
  await signatory.goTo(`http://127.0.0.1:${(proxy.address() as AddressInfo).port}/accept/${token}`);
  await signatory.acceptInFrame();
  await goElsewhere();

  await goBack();
  await signatory.finish();
  await signatory.waitForHeading('Done: the agreement is on record');
  await expect(signatory.page.evaluate('wasKept')).resolves.toBe(true);
  await expect(handle.result()).resolves.toMatchObject({ outcome: 'agreementCreated' });
});
