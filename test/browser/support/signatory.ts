import type { Browser, BrowserContextOptions, Page } from 'playwright-core';

export const DESKTOP = { width: 1280, height: 900 };
export const PHONE = { width: 320, height: 640 };

/** A person before the page, who does what people do: read headings, tick, press. */
export class SignatoryAtPage {
  /** What the browser complained of: broken scripts, and what the page's own policy forbade. */
  readonly complaints: string[] = [];

  private constructor(readonly page: Page) {
    page.on('pageerror', (error) => this.complaints.push(error.message));
    page.on('console', (message) => {
      const isNetwork = message.text().startsWith('Failed to load resource');
      if (message.type() === 'error' && !isNetwork) this.complaints.push(message.text());
    });
  }

  static async with(browser: Browser, options: BrowserContextOptions = {}): Promise<SignatoryAtPage> {
    const context = await browser.newContext({ viewport: DESKTOP, reducedMotion: 'reduce', ...options });
    return new SignatoryAtPage(await context.newPage());
  }

  /** A second tab of the same browser. */
  async newTab(): Promise<SignatoryAtPage> {
    return new SignatoryAtPage(await this.page.context().newPage());
  }

  async leave(): Promise<void> {
    await this.page.context().close();
  }

  async open(url: string): Promise<void> {
    await this.page.goto(url);
  }

  async acceptsInFrame(): Promise<void> {
    const frame = this.page.frameLocator('iframe');
    await frame.getByRole('button', { name: 'Accept Agreement' }).click();
    await frame.getByRole('status').waitFor();
  }

  async finishes({ button = 'Finish' } = {}): Promise<void> {
    await this.page.getByRole('checkbox').check();
    await this.page.getByRole('button', { name: button }).click();
  }

  /** Waits until the page says so. */
  async reads(heading: string | RegExp, timeout = 20_000): Promise<void> {
    await this.page.getByRole('heading', { name: heading }).waitFor({ timeout });
  }

  async isWiderThanScreen(): Promise<boolean> {
    return (await this.page.evaluate(
      'document.documentElement.scrollWidth > document.documentElement.clientWidth',
    )) as boolean;
  }
}
