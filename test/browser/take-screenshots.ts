/**
 * `npm run screenshots` photographs the page on its way through a real onboarding, for docs/images: in several languages,
 * on a desktop and on a small telephone.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import startServers from '../support/set-up-servers';
import { launchChromium } from '../support/chromium';
import { withPalette } from './support/palette-png';
import { TestStack } from '../support/test-stack';
import { DESKTOP, PHONE, SignatoryAtPage } from './support/signatory';

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
  look?: BrowserContextOptions;
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
    look: { colorScheme: 'dark', timezoneId: 'Europe/Berlin' },
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
    look: { timezoneId: 'Asia/Tokyo' },
  },
];

async function photographAll(browser: Browser, stack: TestStack, subject: Subject): Promise<void> {
  const { url } = await stack.startInvitedWithLink({ attestation: subject.attestation });
  for (const [size, viewport] of Object.entries({ desktop: DESKTOP, phone: PHONE })) {
    const signatory = await SignatoryAtPage.with(browser, { ...subject.look, viewport });
    const photograph = async (moment: string) => {
      const picture = await signatory.page.screenshot({ fullPage: true });
      writeFileSync(join(FOLDER, `page-${subject.name}-${moment}-${size}.png`), withPalette(picture));
    };
    await signatory.open(url);
    if (size === 'desktop') await signatory.page.frameLocator('iframe').getByRole('button').waitFor();
    else await signatory.acceptsInFrame();
    await photograph('steps');
    if (size === 'phone') {
      await signatory.finishes({ button: subject.finish });
      await signatory.reads(new RegExp(`^${subject.done}`));
      await photograph('done');
    }
    await signatory.leave();
  }
}

async function main(): Promise<void> {
  mkdirSync(FOLDER, { recursive: true });
  await startServers();
  const stack = await TestStack.start({ server: 'dev', worker: true, page: true });
  const browser = await launchChromium();
  try {
    for (const subject of subjects) await photographAll(browser, stack, subject);
  } finally {
    await browser.close();
    await stack.close();
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
});
