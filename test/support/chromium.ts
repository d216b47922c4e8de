import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Browser } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

const ARGUMENTS = [
  '--headless',
  '--no-sandbox', // containers run as root
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export interface BrowserOptions {
  /** Turns on the back-forward cache, which browsers have by default and Playwright turns off. */
  backForwardCache?: boolean;
}

/** A real browser: Chromium from CHROMIUM_PATH or from the PATH. @throws with what to install where there is none */
export async function launchChromium({ backForwardCache = false }: BrowserOptions = {}): Promise<Browser> {
  const { chromium } = await import('playwright-core'); // large: only tests with a browser load it
  return chromium.launch({
    executablePath: chromiumPath(),
    args: ARGUMENTS,
    ...(backForwardCache && { ignoreDefaultArgs: ['--disable-back-forward-cache'] }),
  });
}

function chromiumPath(): string {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const candidates = folders.flatMap((folder) => NAMES.map((name) => join(folder, name)));
  const named = process.env['CHROMIUM_PATH'];
  const found = (named === undefined ? candidates : [named]).find(isExecutable);
  if (found !== undefined) return found;
  throw new Error(
    named === undefined
      ? 'The browser tests need Chromium. Install it (Debian: apt-get install chromium), or set CHROMIUM_PATH.'
      : `CHROMIUM_PATH is ${named}, which cannot be run. Set it to a Chromium or Chrome, or install one.`,
  );
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
