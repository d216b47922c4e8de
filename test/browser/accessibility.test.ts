import axe, { type AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { type Language, languages } from '../../src/acceptance-page/language';
import { renderEveryView, showMarkup } from './support/views';
import { TestStack } from '../support/test-stack';
import { DESKTOP, PHONE, Signatory } from './support/signatory';

const OPEN_ALL = "for (const details of document.querySelectorAll('details')) details.open = true";

let stack: TestStack;

beforeAll(async () => {
  stack = await TestStack.start({ server: 'dev', worker: true, page: true, browser: true });
});
afterAll(async () => {
  await stack?.close();
});

/** What axe finds in the page by its rules for WCAG 2.2 AA and good practice. */
async function findViolations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations } = (await page.evaluate('axe.run({ resultTypes: ["violations"] })')) as AxeResults;
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}

async function expectNoViolations(language: Language, colorScheme: 'light' | 'dark'): Promise<void> {
  const { page, close } = await openBrowser({ colorScheme });
  for (const [name, markup] of Object.entries(renderEveryView(language))) {
    await showMarkup(page, markup);
    await page.evaluate(OPEN_ALL);
    expect([name, ...(await findViolations(page))]).toEqual([name]);
  }
  await close();
}

describe.each(languages)('every view in %s', (language) => {
  test('has every placeholder filled', () => {
    for (const [name, markup] of Object.entries(renderEveryView(language))) {
      const texts = markup.replaceAll(/<(script|style)>.*?<\/\1>|data-time-left-text="[^"]*"/gs, '');
      expect([name, texts.match(/\{\w+\}/g)]).toEqual([name, null]);
    }
  });

  test('passes the rules of axe', () => expectNoViolations(language, 'light'), 120_000);

  test('fits into 320 pixels, with targets that are large enough to press', async () => {
    const { page, signatory, close } = await openBrowser({ viewport: PHONE });
    for (const [name, markup] of Object.entries(renderEveryView(language))) {
      await showMarkup(page, markup);
      await page.evaluate(OPEN_ALL);
      expect([name, await signatory.isWiderThanScreen()]).toEqual([name, false]);
      const tooSmall = await page.evaluate(
        `[...document.querySelectorAll('a, button, summary, label.statement')]
          .filter((target) => target.checkVisibility() && target.getBoundingClientRect().height < 44)
          .map((target) => target.outerHTML)`,
      );
      expect([name, tooSmall]).toEqual([name, []]);
    }
    await close();
  }, 120_000);
});

test('every view passes the rules of axe in the dark colour scheme', () => expectNoViolations('en', 'dark'), 120_000);

test('the page fits the screen in a right-to-left layout', async () => {
  for (const viewport of [PHONE, DESKTOP]) {
    const { page, signatory, close } = await openBrowser({ viewport });
    for (const [name, markup] of Object.entries(renderEveryView('en'))) {
      await showMarkup(page, markup.replace('dir="ltr"', 'dir="rtl"'));
      expect([name, await signatory.isWiderThanScreen()]).toEqual([name, false]);
    }
    await close();
  }
}, 120_000);

describe('with the keyboard only', () => {
  test('the signatory can accept in the window, tick and finish, and the new heading gets the focus', async () => {
    const { url } = await stack.startInvitedWithLink();
    const { page, signatory, close } = await openBrowser();
    await signatory.goTo(url);
    const frame = page.frames()[1]!;
    await frame.waitForLoadState();
    await tabUntil(page, () => frame.evaluate("document.hasFocus() && document.activeElement.matches('button')"));
    await page.keyboard.press('Enter');
    await page.frameLocator('iframe').getByRole('status').waitFor();
    await tabUntil(page, () => page.evaluate("document.activeElement.matches('[name=statement]')"));
    await page.keyboard.press('Space');
    await tabUntil(page, () => page.evaluate("document.activeElement.matches('button')"));
    await page.keyboard.press('Enter');
    await signatory.waitForHeading('Done: the agreement is on record');
    await expect(page.evaluate("document.activeElement.matches('h1')")).resolves.toBe(true);
    await close();
  });

  test('the signatory can decline', async () => {
    const { handle, url } = await stack.startInvitedWithLink();
    const { page, signatory, close } = await openBrowser();
    await signatory.goTo(url);
    await tabUntil(page, () => page.evaluate("document.activeElement.matches('summary')"));
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    await page.keyboard.type('No, thank you');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await signatory.waitForHeading('The request has ended: not accepted');
    await expect(handle.result()).resolves.toMatchObject({ decline: { comment: 'No, thank you' } });
    await close();
  });

  test('the focus is visible', async () => {
    const { page, close } = await openBrowser();
    await showMarkup(page, renderEveryView('en')['awaiting']!);
    await tabUntil(page, () => page.evaluate("document.activeElement.matches('[name=statement]')"));
    await expect(page.evaluate('getComputedStyle(document.activeElement).outlineStyle')).resolves.toBe('solid');
    await close();
  });
});

test('nothing moves for a signatory who prefers reduced motion', async () => {
  const markup = renderEveryView('en')['saved']!;
  for (const [reducedMotion, expected] of [
    ['reduce', 0],
    ['no-preference', 1],
  ] as const) {
    const { page, close } = await openBrowser({ reducedMotion });
    await showMarkup(page, markup);
    await expect(page.evaluate('document.getAnimations().length')).resolves.toBe(expected);
    await close();
  }
});

async function openBrowser(options: Parameters<typeof Signatory.open>[1] = {}) {
  const signatory = await Signatory.open(stack.browser, options);
  return { signatory, page: signatory.page, close: () => signatory.close() };
}

async function tabUntil(page: Page, isThere: () => Promise<unknown>): Promise<void> {
  for (let presses = 0; presses < 40; presses += 1) {
    if ((await isThere()) === true) return;
    await page.keyboard.press('Tab');
  }
  throw new Error('The Tab key did not reach the element.');
}
