import type { FastifyRequest } from 'fastify';

/**
 * Whether another site's page sent this form. Browsers of today say so in Sec-Fetch-Site. Older ones send Origin only,
 * which is `null` for our own forms too, because the page sends no referrer: there the token, which no other site knows,
 * is the protection. `publicHost` is ours too: a proxy may put another one into the request.
 */
export function isCrossSite({ headers, host }: FastifyRequest, publicHost: string): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site !== 'same-origin' && site !== 'none';
  const { origin } = headers;
  if (origin === undefined || origin === 'null') return false;
  return !URL.canParse(origin) || ![host, publicHost].includes(new URL(origin).host);
}
