/** The page's script and style, and the HTTP headers, which allow little more than these two. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type * as Bundler from './bundle-assets';

export const { script: PAGE_SCRIPT, style: PAGE_STYLE } = loadAssets(join(__dirname, 'browser'));

/** What `npm run build` has bundled; without a build, as in tests, the sources are bundled here. */
function loadAssets(folder: string): Bundler.PageAssets {
  const [script, style] = [join(folder, 'page.js'), join(folder, 'page.css')];
  if (existsSync(script)) return { script: readFileSync(script, 'utf8'), style: readFileSync(style, 'utf8') };
  const { bundlePageAssets } = require('./bundle-assets') as typeof Bundler;
  return bundlePageAssets(folder);
}

/** Headers of every answer of the page: only its own script and style and Microsoft's frame; no caching, no indexing. */
export function securityHeaders(microsoftPageUrl: string, frameAncestors: readonly string[]): Record<string, string> {
  const policy = {
    'default-src': "'none'",
    'script-src': hashSource(PAGE_SCRIPT),
    'style-src': hashSource(PAGE_STYLE),
    'connect-src': "'self'",
    'img-src': 'data:', // the empty icon, which saves the browser's request for /favicon.ico
    'frame-src': new URL(microsoftPageUrl).origin,
    'form-action': "'self'",
    'base-uri': "'none'",
    'frame-ancestors': frameAncestors.length === 0 ? "'none'" : frameAncestors.join(' '),
  };
  return {
    'content-security-policy': Object.entries(policy)
      .map(([directive, sources]) => `${directive} ${sources}`)
      .join('; '),
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
    'x-robots-tag': 'noindex, nofollow, noarchive',
  };
}

/** Written by hand: a library would generate a nonce for each answer, but these two texts never change. */
function hashSource(inline: string): string {
  return `'sha256-${createHash('sha256').update(inline).digest('base64')}'`;
}
