import { createHash } from 'node:crypto';
import { PAGE_SCRIPT } from './script';
import { PAGE_STYLE } from './style';

/** What keeps the page to itself: its own script and style, Microsoft's frame, and no trace in caches, logs or indexes. */
export function securityHeaders(acceptanceUrl: string, frameAncestors: readonly string[]): Record<string, string> {
  const policy = {
    'default-src': "'none'",
    'script-src': hashOf(PAGE_SCRIPT),
    'style-src': hashOf(PAGE_STYLE),
    'connect-src': "'self'",
    'img-src': 'data:', // the empty icon, which saves a request that would only meet a 404
    'frame-src': new URL(acceptanceUrl).origin,
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

function hashOf(inline: string): string {
  return `'sha256-${createHash('sha256').update(inline).digest('base64')}'`;
}
