import { isIP } from 'node:net';
import { isPublicAddress } from './addresses';
import type { CrmSettings } from './settings';

/** Why nothing is sent to a callback URL: told to callers and operators. */
export type CallbackRefusal =
  'notAUrl' | 'notHttps' | 'credentialsInUrl' | 'hostNotAllowed' | 'portNotAllowed' | 'privateAddress';

export const callbackRefusals: Record<CallbackRefusal, string> = {
  notAUrl: 'The callback URL is not a URL.',
  notHttps: 'The callback URL is not an https URL.',
  credentialsInUrl: 'The callback URL carries a user name or password; events are signed instead.',
  hostNotAllowed: 'The host of the callback URL is not in CRM_CALLBACK_ALLOWED_HOSTS.',
  portNotAllowed: 'The host of the callback URL is in CRM_CALLBACK_ALLOWED_HOSTS, but not with this port.',
  privateAddress: 'The host of the callback URL has an address that is not public.',
};

/**
 * Why events may not be sent to `callbackUrl`, if so. Names are not resolved here: a name that leads to a private address
 * is found out when it is connected to.
 */
export function checkCallbackUrl(
  callbackUrl: string,
  { allowedHosts, allowPrivate }: Pick<CrmSettings, 'allowedHosts' | 'allowPrivate'>,
): CallbackRefusal | undefined {
  if (!URL.canParse(callbackUrl)) return 'notAUrl';
  const url = new URL(callbackUrl);
  if (url.protocol !== 'https:' && !(allowPrivate && url.protocol === 'http:')) return 'notHttps';
  if (url.username !== '' || url.password !== '') return 'credentialsInUrl';
  const host = comparableHost(url);
  const candidates = allowedHosts.filter((allowed) => allowed.host === host);
  if (candidates.length === 0) return 'hostNotAllowed';
  const usualPort = url.protocol === 'https:' ? 443 : 80;
  const port = url.port === '' ? usualPort : Number(url.port);
  if (!candidates.some((allowed) => (allowed.port ?? usualPort) === port)) return 'portNotAllowed';
  // Node resolves names only, so a literal address never comes past the guard of the connection.
  return isIP(host) !== 0 && !allowPrivate && !isPublicAddress(host) ? 'privateAddress' : undefined;
}

/** The host in the one form that is compared: as URL writes it, without IPv6's brackets and the root's final dot. */
export function comparableHost(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
}
