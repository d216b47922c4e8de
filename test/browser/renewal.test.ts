import { onboardingStatusQuery } from '../../src/workflows/messages';
import { type Invitation, TestStack } from '../support/test-stack';
import { Signatory } from './support/signatory';

const MINUTE = 60_000;

let stack: TestStack;
let signatory: Signatory;

// A server that skips time: minutes pass at once, and only when a test says so.
beforeAll(async () => {
  stack = await TestStack.start({ server: 'timeSkipping', worker: true, page: true, browser: true });
});
afterAll(async () => {
  await stack?.close();
});
beforeEach(async () => {
  await stack.control.reset();
  signatory = await Signatory.open(stack.browser);
});
afterEach(() => signatory?.close());

/** A link of half an hour over attestations of five minutes. */
function inviteWithLongLink(): Promise<Invitation> {
  return stack.startInvitedWithLink({ attestation: { expirationInMinutes: 5 }, linkValidForMinutes: 30 });
}

async function expireAttestation({ handle }: Invitation): Promise<void> {
  await stack.advanceClock(6 * MINUTE);
  await stack.until(handle, ({ attestation }) => attestation?.live === false);
}

async function makePageVisible(): Promise<void> {
  await signatory.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))");
}

describe('Microsoft’s window closes before the link', () => {
  test('“No” opens the window again, and the same link leads to the agreement', async () => {
    const invitation = await inviteWithLongLink();
    const { handle, url } = invitation;
    await signatory.goTo(url);
    await expireAttestation(invitation);
    await makePageVisible();
    await signatory.waitForHeading('Microsoft’s window has closed');
    await signatory.waitForHeading('Did you already select Accept Agreement in Microsoft’s window?');

    await signatory.page.getByRole('button', { name: 'No, open the window again' }).click();
    await signatory.waitForHeading(/^Step 1 of 2/);
    expect((await handle.query(onboardingStatusQuery)).attestation).toMatchObject({ round: 2, live: true });
    await signatory.acceptInFrame();
    await signatory.finish();
    await signatory.waitForHeading('Done: the agreement is on record');
    await expect(handle.result()).resolves.toMatchObject({ outcome: 'agreementCreated' });
  });

  test('“Yes” finishes with the acceptance in the closed window', async () => {
    const invitation = await inviteWithLongLink();
    await signatory.goTo(invitation.url);
    await signatory.acceptInFrame();
    await expireAttestation(invitation);
    await makePageVisible();
    await signatory.waitForHeading('Microsoft’s window has closed');
    await signatory.finish({ button: 'Yes, I did: finish' });
    await signatory.waitForHeading('Done: the agreement is on record');

    const { acceptance } = await invitation.handle.query(onboardingStatusQuery);
    expect(acceptance).toMatchObject({ source: 'page', round: 1 });
  });

  test('“Yes” without an acceptance at Microsoft: the page then only offers to open the window', async () => {
    const invitation = await inviteWithLongLink();
    await signatory.goTo(invitation.url);
    await expireAttestation(invitation);
    await makePageVisible();
    await signatory.waitForHeading('Microsoft’s window has closed');
    await signatory.finish({ button: 'Yes, I did: finish' });
    await signatory.waitForHeading('Your acceptance is saved');
    await stack.advanceClock(2 * MINUTE);
    await makePageVisible();
    await signatory.waitForHeading('Microsoft has not received your acceptance yet');
    await expect(signatory.page.getByRole('checkbox').count()).resolves.toBe(0);
    await signatory.page.getByRole('button', { name: 'Open the window again' }).click();
    await signatory.acceptInFrame();
    await signatory.finish();
    await signatory.waitForHeading('Done: the agreement is on record');
  });

  test('a second tab follows when the window is opened again', async () => {
    const invitation = await inviteWithLongLink();
    await expireAttestation(invitation);
    await signatory.goTo(invitation.url);
    const other = await signatory.newTab();
    await other.goTo(invitation.url);
    await other.page.getByRole('button', { name: 'No, open the window again' }).click();
    await other.waitForHeading(/^Step 1 of 2/);
    await makePageVisible();
    await signatory.waitForHeading(/^Step 1 of 2/);
    const source = () => signatory.page.locator('iframe').getAttribute('src');
    await expect(source()).resolves.toBe(await other.page.locator('iframe').getAttribute('src'));
  });
});

describe('Finish without Accept Agreement', () => {
  test('the page asks the signatory to check again, and the next attempt has a new id and succeeds', async () => {
    const { handle, url } = await stack.startInvitedWithLink();
    await signatory.goTo(url);
    await signatory.finish();
    await signatory.waitForHeading('Your acceptance is saved');
    const first = (await handle.query(onboardingStatusQuery)).acceptance!.acceptanceId;
    await stack.advanceClock(2 * MINUTE);
    await makePageVisible();
    await signatory.waitForHeading('Microsoft has not received your acceptance yet');
    await signatory.acceptInFrame();
    await signatory.finish();
    await signatory.waitForHeading('Done: the agreement is on record');
    expect((await handle.query(onboardingStatusQuery)).acceptance!.acceptanceId).not.toBe(first);
  });

  test('the third time, the onboarding needs attention and the page says so', async () => {
    const { url } = await stack.startInvitedWithLink();
    await signatory.goTo(url);
    for (let time = 1; time <= 3; time += 1) {
      await signatory.finish();
      await signatory.waitForHeading('Your acceptance is saved');
      await stack.advanceClock(2 * MINUTE);
      await makePageVisible();
      if (time < 3) await signatory.waitForHeading('Microsoft has not received your acceptance yet');
    }
    await signatory.waitForHeading('Your acceptance is saved; your partner is looking into it');
  });
});

describe('the end of the link', () => {
  test('the page says that the link has expired', async () => {
    const { handle, url } = await stack.startInvitedWithLink();
    await signatory.goTo(url);
    await stack.advanceClock(61 * MINUTE);
    await expect(handle.result()).resolves.toMatchObject({ outcome: 'expired' });
    await makePageVisible();
    await signatory.waitForHeading('This link has expired');
    await signatory.page.getByText('No acceptance was recorded').waitFor();
  });

  test('the page asks a signatory who used Microsoft’s window to tell the partner', async () => {
    const { handle, url } = await stack.startInvitedWithLink();
    await signatory.goTo(url);
    await signatory.acceptInFrame();
    await stack.until(handle, ({ page }) => page?.frameUsedAt !== undefined);
    await stack.advanceClock(61 * MINUTE);
    await expect(handle.result()).resolves.toMatchObject({ outcome: 'expired', acceptanceUnconfirmed: true });
    await makePageVisible();
    await signatory.page.getByText('If you accepted the agreement there, please tell your partner.').waitFor();
  });
});
