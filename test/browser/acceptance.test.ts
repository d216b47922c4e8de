import { onboardingStatusQuery } from '../../src/workflows/messages';
import { TestStack } from '../support/test-stack';
import { Signatory } from './support/signatory';

const MINUTE = 60_000;

let stack: TestStack;
let signatory: Signatory;

beforeAll(async () => {
  stack = await TestStack.start({ server: 'dev', worker: true, page: true, browser: true });
});
afterAll(async () => {
  await stack?.close();
});
beforeEach(async () => {
  await stack.control.reset();
  signatory = await Signatory.open(stack.browser);
});
afterEach(() => signatory?.close());

describe('the signatory accepts', () => {
  test('after Accept Agreement in Microsoft’s window and Finish, the agreement is created and the page says so', async () => {
    const { handle, url } = await stack.startInvitedWithLink();
    await signatory.goTo(url);
    await signatory.acceptInFrame();
    await signatory.finish();
    await signatory.waitForHeading('Done: the agreement is on record');
    await expect(handle.result()).resolves.toMatchObject({ outcome: 'agreementCreated' });

    const { acceptance, page } = await handle.query(onboardingStatusQuery);
    expect(acceptance).toMatchObject({
      source: 'page',
      round: 1,
      page: { statementId: 'mca-signatory-statement-1', language: 'en', ip: '127.0.0.1' },
    });
    expect(acceptance!.page!.userAgent).toContain('Chrome');
    expect(page).toMatchObject({ firstOpenedAt: expect.any(String), frameUsedAt: expect.any(String) });
    expect(signatory.browserErrors).toEqual([]);
    expect(stack.page.log).toEqual([]);
  });

  test('while the agreement is being created, the page says that the acceptance is saved, not that Microsoft has confirmed it', async () => {
    await stack.control.faults({ on: 'createAgreement', delayMs: 1_500 });
    const { url } = await stack.startInvitedWithLink();
    await signatory.goTo(url);
    await signatory.acceptInFrame();
    await signatory.finish();
    await signatory.waitForHeading('Your acceptance is saved');
    await expect(signatory.page.getByRole('main').innerText()).resolves.not.toMatch(/confirmed|is on record/);
    await signatory.waitForHeading('Done: the agreement is on record');
  });

  test('nothing is sent without the ticked statement', async () => {
    const { handle, url } = await stack.startInvitedWithLink();
    await signatory.goTo(url);
    await signatory.page.getByRole('button', { name: 'Finish' }).click();
    await expect(signatory.page.locator('[name=statement]:invalid').count()).resolves.toBe(1);
    expect((await handle.query(onboardingStatusQuery)).acceptance).toBeUndefined();
  });

  test('a message from Microsoft’s window highlights step 2 and is not an acceptance', async () => {
    await stack.control.switches({ postMessage: true });
    const { handle, url } = await stack.startInvitedWithLink();
    await signatory.goTo(url);
    await signatory.acceptInFrame();
    await signatory.page.locator('[data-step-2].next').waitFor();
    const view = await handle.query(onboardingStatusQuery);
    expect(view).toMatchObject({ status: 'awaitingAcceptance' });
    expect(view.acceptance).toBeUndefined();
  });

  test('a message from anywhere else highlights nothing', async () => {
    const { url } = await stack.startInvitedWithLink();
    await signatory.goTo(url);
    await signatory.page.evaluate("postMessage({ type: 'agreementAccepted' }, '*')");
    await signatory.page.evaluate('new Promise((done) => setTimeout(done))'); // queued after the message
    await expect(signatory.page.locator('.next').count()).resolves.toBe(0);
  });

  test('five minutes before the end a warning is shown, by the server’s clock and not the browser’s', async () => {
    const { url } = await stack.startInvitedWithLink();
    await signatory.page.clock.install({ time: '2031-01-01T00:00:00Z' });
    await signatory.goTo(url);
    const warning = signatory.page.locator('[role=status]');
    await expect(signatory.page.getByText('Time left: 60 minutes').isVisible()).resolves.toBe(true);
    await expect(warning.innerText()).resolves.toBe('');
    await signatory.page.route('**/status', (route) => route.abort()); // the page gets no status from the server
    await signatory.page.clock.runFor(56 * MINUTE);
    await signatory.page.getByText('This link expires in less than five minutes').waitFor();
    await signatory.page.getByText('Time left: 4 minutes').waitFor();
  });

  test('the attestation’s id is only in the URLs of the frame and of the new tab', async () => {
    const { handle, url } = await stack.startInvitedWithLink();
    await signatory.goTo(url);
    const { id } = (await handle.query(onboardingStatusQuery)).attestation!;
    const markup = await signatory.page.content();
    const address = `${stack.simulator.url}/mca/?attestationid=${id}`;
    expect(markup.split(id)).toHaveLength(3);
    await expect(signatory.page.locator('iframe').getAttribute('src')).resolves.toBe(address);
    const link = signatory.page.getByRole('link', { name: 'Open in a new tab' });
    await expect(link.getAttribute('href')).resolves.toBe(address);
    await expect(link.getAttribute('rel')).resolves.toBe('noopener noreferrer');
  });
});

describe('the signatory does not accept', () => {
  test('“I do not accept” asks for confirmation, takes a comment and ends the request', async () => {
    const { handle, url } = await stack.startInvitedWithLink();
    await signatory.goTo(url);
    const ending = signatory.page.getByRole('button', { name: 'End the request: I do not accept' });
    await expect(ending.isVisible()).resolves.toBe(false);
    await signatory.page.getByText('I do not accept', { exact: true }).click();
    await signatory.page.getByLabel('Your reason or question').fill('  Our lawyers have questions. ');
    await ending.click();
    await signatory.waitForHeading('The request has ended: not accepted');
    await expect(handle.result()).resolves.toMatchObject({
      outcome: 'declined',
      decline: { code: 'doesNotAccept', comment: 'Our lawyers have questions.' },
    });
  });

  test('“I am not …” ends the request as sent to the wrong person', async () => {
    const { handle, url } = await stack.startInvitedWithLink();
    await signatory.goTo(url);
    await signatory.page.getByText('I am not John Smith').click();
    await signatory.page.getByRole('button', { name: 'End the request: I am the wrong person' }).click();
    await signatory.waitForHeading('The request has ended: wrong person');
    await expect(handle.result()).resolves.toMatchObject({ outcome: 'declined', decline: { code: 'wrongPerson' } });
  });
});

describe('several tabs, old tabs, reloads', () => {
  test('an acceptance in one tab shows in another tab when that becomes visible again', async () => {
    const { url } = await stack.startInvitedWithLink();
    await signatory.goTo(url);
    const other = await signatory.newTab();
    await other.goTo(url);
    await other.acceptInFrame();
    await other.finish();
    await other.waitForHeading('Done: the agreement is on record');
    await signatory.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))");
    await signatory.waitForHeading('Done: the agreement is on record');
  });

  test('Finish in two tabs is one acceptance and creates one agreement', async () => {
    await stack.control.faults({ on: 'createAgreement', delayMs: 500 });
    const { handle, request, url } = await stack.startInvitedWithLink();
    const other = await signatory.newTab();
    await Promise.all([signatory.goTo(url), other.goTo(url)]);
    await signatory.acceptInFrame();
    await Promise.all([signatory.finish(), other.finish()]);
    await Promise.all([signatory.waitForHeading('Done'), other.waitForHeading('Done')]);
    await expect(stack.control.callsFor(request.customerId, 'createAgreement')).resolves.toHaveLength(1);
    await expect(handle.result()).resolves.toMatchObject({ outcome: 'agreementCreated' });
  });

  test('an open tab shows by itself that the partner has withdrawn the request', async () => {
    const { handle, url } = await stack.startInvitedWithLink();
    await signatory.page.clock.install();
    await signatory.goTo(url);
    await handle.cancel();
    await expect(handle.result()).rejects.toThrow('cancelled');
    await signatory.page.clock.fastForward(31_000);
    await signatory.waitForHeading('Your partner has withdrawn this request');
  });

  test('a reload keeps the acceptance id, and the back button shows the current state', async () => {
    const { url } = await stack.startInvitedWithLink();
    await signatory.goTo(url);
    const id = () => signatory.page.locator('input[name=acceptanceId]').inputValue();
    const first = await id();
    await signatory.page.reload();
    await expect(id()).resolves.toBe(first);
    await signatory.acceptInFrame();
    await signatory.page.goto('about:blank');
    const other = await signatory.newTab();
    await other.goTo(url);
    await other.finish();
    await other.waitForHeading('Done');
    await signatory.page.goBack();
    await signatory.waitForHeading('Done');
  });
});

describe('during outages', () => {
  test('when the connection fails at Finish, the page says so, keeps the inputs and sends the same id again', async () => {
    const { handle, url } = await stack.startInvitedWithLink();
    await signatory.goTo(url);
    await signatory.acceptInFrame();
    const sent: string[] = [];
    await signatory.page.route('**/accepted', (route, request) => {
      sent.push(new URLSearchParams(request.postData() ?? '').get('acceptanceId') ?? '');
      return sent.length === 1 ? route.abort() : route.continue();
    });
    await signatory.finish();
    await signatory.page.getByText('Your answer could not be saved yet').waitFor();
    await expect(signatory.page.getByRole('checkbox').isChecked()).resolves.toBe(true);
    await signatory.page.getByRole('button', { name: 'Finish' }).click();
    await signatory.waitForHeading('Done: the agreement is on record');
    expect(sent[1]).toBe(sent[0]);
    expect((await handle.query(onboardingStatusQuery)).acceptance).toMatchObject({ acceptanceId: sent[0] });
  });

  test('without a worker, the acceptance is saved, a reload still says so, and the agreement is created later', async () => {
    const { handle, url } = await stack.startInvitedWithLink();
    await signatory.goTo(url);
    await signatory.acceptInFrame();
    await stack.stopWorkers();
    try {
      await signatory.finish();
      await signatory.waitForHeading('Your acceptance is saved');
      await signatory.page.reload();
      await signatory.waitForHeading('Your acceptance is saved');
    } finally {
      await stack.startWorker();
    }
    await signatory.waitForHeading('Done: the agreement is on record', 30_000);
    await expect(handle.result()).resolves.toMatchObject({ outcome: 'agreementCreated' });
  });

  test('Microsoft’s window stays open while no worker runs, because the signatory may be reading in it', async () => {
    const { url } = await stack.startInvitedWithLink();
    await signatory.goTo(url);
    await stack.stopWorkers();
    try {
      const asked = signatory.page.waitForResponse(/\/status$/);
      await signatory.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))");
      await expect((await asked).json()).resolves.toMatchObject({ state: 'noWorker' });
      await expect(signatory.page.locator('iframe').isVisible()).resolves.toBe(true);
      await signatory.page.reload();
      await signatory.waitForHeading('The agreement cannot be shown yet');
    } finally {
      await stack.startWorker();
    }
    await signatory.waitForHeading(/^Step 1 of 2/);
  });
});

describe('names', () => {
  test('that contain markup or control the writing direction are shown as they are', async () => {
    const companyName = '<script>document.title="caught"</script> & "Sons"';
    const signatoryFirstName = '\u202eJohn<img src=x onerror=alert(1)>';
    const { url } = await stack.startInvitedWithLink({ attestation: { companyName, signatoryFirstName } });
    await signatory.goTo(url);
    await expect(signatory.page.title()).resolves.toBe('Microsoft Customer Agreement');
    await expect(signatory.page.getByRole('definition').allInnerTexts()).resolves.toEqual([
      companyName,
      `${signatoryFirstName} Smith`,
    ]);
    await expect(signatory.page.locator('img').count()).resolves.toBe(0);
    await expect(signatory.page.locator('.statement bdi').count()).resolves.toBe(2);
    expect(signatory.browserErrors).toEqual([]);
  });
});

describe('languages', () => {
  test('the page is in the attestation’s language, or in a chosen one, in every view up to the last', async () => {
    const { url } = await stack.startInvitedWithLink({ attestation: { country: 'DE', language: 'de-DE' } });
    await signatory.goTo(url);
    await signatory.waitForHeading('Microsoft-Kundenvereinbarung für Contoso Ltd');
    await expect(signatory.page.locator('html').getAttribute('lang')).resolves.toBe('de');
    await signatory.page.getByRole('link', { name: 'Français' }).click();
    await signatory.waitForHeading('Contrat client Microsoft pour Contoso Ltd');
    await signatory.acceptInFrame();
    await signatory.finish({ button: 'Terminer' });
    await signatory.waitForHeading('Terminé : le contrat est enregistré');
  });

  test('the browser’s language is used if the page does not have the attestation’s', async () => {
    const { url } = await stack.startInvitedWithLink({ attestation: { country: 'IT', language: 'it-IT' } });
    const spanish = await Signatory.open(stack.browser, { locale: 'es-ES' });
    await spanish.goTo(url);
    await spanish.waitForHeading('Contrato de cliente de Microsoft para Contoso Ltd');
    await spanish.close();
  });

  test('times are in the browser’s time zone', async () => {
    const { url } = await stack.startInvitedWithLink();
    const inTokyo = await Signatory.open(stack.browser, { timezoneId: 'Asia/Tokyo' });
    await inTokyo.goTo(url);
    await expect(inTokyo.page.locator('time').innerText()).resolves.toMatch(/GMT\+9$/);
    await inTokyo.close();
  });
});
