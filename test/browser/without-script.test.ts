import { onboardingStatusQuery } from '../../src/workflows/messages';
import { TestStack } from '../support/test-stack';
import { Signatory } from './support/signatory';

const MINUTE = 60_000;

let stack: TestStack;
let signatory: Signatory;

beforeAll(async () => {
  stack = await TestStack.start({ server: 'timeSkipping', worker: true, page: true, browser: true });
});
afterAll(async () => {
  await stack?.close();
});
beforeEach(async () => {
  await stack.control.reset();
  signatory = await Signatory.open(stack.browser, { javaScriptEnabled: false });
});
afterEach(() => signatory?.close());

describe('in a browser without scripts', () => {
  test('Accept Agreement and Finish work, and the page reloads itself until the agreement is created', async () => {
    await stack.control.faults({ on: 'createAgreement', delayMs: 1_000 });
    const { handle, url } = await stack.startInvitedWithLink();
    await signatory.goTo(url);
    await expect(signatory.page.locator('time').innerText()).resolves.toMatch(/UTC$/);
    await signatory.acceptInFrame();
    await signatory.finish();
    await signatory.waitForHeading('Your acceptance is saved');
    expect(signatory.page.url()).toBe(url);
    await signatory.waitForHeading('Done: the agreement is on record');
    const { acceptance, page } = await handle.query(onboardingStatusQuery);
    expect(acceptance).toMatchObject({ source: 'page', round: 1 });
    expect(page?.firstOpenedAt).toBeDefined(); // Finish counts as a visit
  });

  test('the page asks for the missing statement next to the button', async () => {
    const { handle, url } = await stack.startInvitedWithLink();
    await signatory.goTo(url);
    await signatory.page.route('**/accepted', (route) => route.continue({ postData: 'round=1' })); // an old browser
    await signatory.finish();
    await signatory.page.getByText('Please tick the box first').waitFor();
    expect((await handle.query(onboardingStatusQuery)).acceptance).toBeUndefined();
  });

  test('a decline with a comment ends the request', async () => {
    const { handle, url } = await stack.startInvitedWithLink();
    await signatory.goTo(`${url}?lang=de`);
    await signatory.page.getByText('Ich bin nicht John Smith').click();
    await signatory.page.getByLabel('Wer soll stattdessen gefragt werden?').fill('Frau Weiß');
    await signatory.page.getByRole('button', { name: 'Anfrage beenden: Ich bin die falsche Person' }).click();
    await signatory.waitForHeading('Die Anfrage ist beendet: falsche Person');
    await expect(handle.result()).resolves.toMatchObject({ decline: { code: 'wrongPerson', comment: 'Frau Weiß' } });
  });

  test('a closed window can be opened again', async () => {
    const { handle, url } = await stack.startInvitedWithLink({
      attestation: { expirationInMinutes: 5 },
      linkValidForMinutes: 30,
    });
    await stack.advanceClock(6 * MINUTE);
    await stack.until(handle, ({ attestation }) => attestation?.live === false);
    await signatory.goTo(url);
    await signatory.page.getByRole('button', { name: 'No, open the window again' }).click();
    await signatory.acceptInFrame();
    await signatory.finish();
    await signatory.waitForHeading('Done: the agreement is on record');
  });
});
