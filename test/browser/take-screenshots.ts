/**
 * `npm run screenshots` takes screenshots of the page during a real onboarding, for docs/images: in several languages,
 * on a desktop and on a small phone.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import startServers from '../support/set-up-servers';
import { launchChromium } from '../support/chromium';
import { withPalette } from './support/palette-png';
import { TestStack } from '../support/test-stack';
import { DESKTOP, PHONE, Signatory } from './support/signatory';

const FOLDER = join(__dirname, '../../docs/images');

interface Subject {
  name: string;
  attestation: {
    country: string;
    language: string;
    companyName?: string;
    signatoryFirstName?: string;
    signatoryLastName?: string;
  };
  finish: string;
  done: string;
  contextOptions?: BrowserContextOptions;
}

const subjects: Subject[] = [
  { name: 'en', attestation: { country: 'US', language: 'en-US' }, finish: 'Finish', done: 'Done' },
  {
    name: 'de',
    attestation: {
      country: 'DE',
      language: 'de-DE',
      companyName: 'Bäckerei Größmann & Söhne GmbH',
      signatoryFirstName: 'Jürgen',
      signatoryLastName: 'Größmann',
    },
    finish: 'Abschließen',
    done: 'Fertig',
    contextOptions: { colorScheme: 'dark', timezoneId: 'Europe/Berlin' },
  },
  {
    name: 'ja',
    attestation: {
      country: 'JP',
      language: 'ja-JP',
      companyName: 'コントソ株式会社',
      signatoryFirstName: '太郎',
      signatoryLastName: '山田',
    },
    finish: '完了',
    done: '完了: ',
    contextOptions: { timezoneId: 'Asia/Tokyo' },
  },
];

async function takeAllScreenshots(browser: Browser, stack: TestStack, subject: Subject): Promise<void> {
  const { url } = await stack.startInvitedWithLink({ attestation: subject.attestation });
  for (const [size, viewport] of Object.entries({ desktop: DESKTOP, phone: PHONE })) {
    const signatory = await Signatory.open(browser, { ...subject.contextOptions, viewport });
    const takeScreenshot = async (moment: string) => {
      const picture = await signatory.page.screenshot({ fullPage: true });
      writeFileSync(join(FOLDER, `page-${subject.name}-${moment}-${size}.png`), withPalette(picture));
    };
    await signatory.goTo(url);
    if (size === 'desktop') await signatory.page.frameLocator('iframe').getByRole('button').waitFor();
    else await signatory.acceptInFrame();
    await takeScreenshot('steps');
    if (size === 'phone') {
      await signatory.finish({ button: subject.finish });
      await signatory.waitForHeading(new RegExp(`^${subject.done}`));
      await takeScreenshot('done');
    }
    await signatory.close();
  }
}

async function main(): Promise<void> {
  mkdirSync(FOLDER, { recursive: true });
  await startServers();
  const stack = await TestStack.start({ server: 'dev', worker: true, page: true });
  const browser = await launchChromium();
  try {
    for (const subject of subjects) await takeAllScreenshots(browser, stack, subject);
  } finally {
    await browser.close();
    await stack.close();
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
});
