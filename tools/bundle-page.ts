/** Bundles the script and the style of the signatory's page into the build that this file is part of. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundlePageAssets } from '../src/acceptance-page/bundle-assets';
import { getProductFolder } from '../src/process/version';

const folder = 'src/acceptance-page/browser';
const { script, style } = bundlePageAssets(join(getProductFolder(), folder));
const built = join(__dirname, '..', folder);
mkdirSync(built, { recursive: true });
writeFileSync(join(built, 'page.js'), script);
writeFileSync(join(built, 'page.css'), style);
