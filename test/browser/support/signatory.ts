import type { Browser, BrowserContextOptions, Page } from 'playwright-core';

export const DESKTOP = { width: 1280, height: 900 };
export const PHONE = { width: 320, height: 640 };

/** A signatory in a browser, who reads headings, ticks the box and clicks buttons. */
export class Signatory {
  /** Errors from the browser: failed scripts, and what the page's own policy blocked. */
  readonly browserErrors: string[] = [];

  private constructor(readonly page: Page) {
    page.on('pageerror', (error) => this.browserErrors.push(error.message));
    page.on('console', (message) => {
      const isNetwork = message.text().startsWith('Failed to load resource');
      if (message.type() === 'error' && !isNetwork) this.browserErrors.push(message.text());
    });
  }

  static async open(browser: Browser, options: BrowserContextOptions = {}): Promise<Signatory> {
    const context = await browser.newContext({ viewport: DESKTOP, reducedMotion: 'reduce', ...options });
    return new Signatory(await context.newPage());
  }

  /** A second tab of the same browser. */
  async newTab(): Promise<Signatory> {
    return new Signatory(await this.page.context().newPage());
  }

  async close(): Promise<void> {
    await this.page.context().close();
  }

  async goTo(url: string): Promise<void> {
    await this.page.goto(url);
  }

  async acceptInFrame(): Promise<void> {
    const frame = this.page.frameLocator('iframe');
    await frame.getByRole('button', { name: 'Accept Agreement' }).click();
    await frame.getByRole('status').waitFor();
  }

  async finish({ button = 'Finish' } = {}): Promise<void> {
    await this.page.getByRole('checkbox').check();
    await this.page.getByRole('button', { name: button }).click();
  }

  /** Waits until the page shows this heading. */
  async waitForHeading(heading: string | RegExp, timeout = 20_000): Promise<void> {
    await this.page.getByRole('heading', { name: heading }).waitFor({ timeout });
  }

  async isWiderThanScreen(): Promise<boolean> {
    return (await this.page.evaluate(
      'document.documentElement.scrollWidth > document.documentElement.clientWidth',
    )) as boolean;
  }
}
