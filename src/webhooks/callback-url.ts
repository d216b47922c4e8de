import { isIP } from 'node:net';
import { isPublicAddress } from './public-address';

export interface CallbackSettings {
  allowedHosts: readonly AllowedHost[];
  /** `whsec_…`: each one signs every event, so that a receiver can change to the next one at any time. */
  secrets: readonly string[];
  /** Lets allowed hosts have private addresses and use plain http: for a stack on one machine, and for tests. */
  allowPrivate: boolean;
}

/** A host that callbacks may go to; without a port, the usual one of the URL's scheme. */
export interface AllowedHost {
  /** As `toComparableHost` writes it. */
  host: string;
  port?: number;
}

/** Why nothing is sent to a callback URL, in a sentence for callers and operators. */
export const callbackRefusals = {
  notAUrl: 'The callback URL is not a URL.',
  notHttps: 'The callback URL is not an https URL.',
  credentialsInUrl: 'The callback URL carries a user name or password; events are signed instead.',
  hostNotAllowed: 'The host of the callback URL is not in CRM_CALLBACK_ALLOWED_HOSTS.',
  portNotAllowed: 'The host of the callback URL is in CRM_CALLBACK_ALLOWED_HOSTS, but not with this port.',
  privateAddress: 'The host of the callback URL has an address that is not public.',
};
export type CallbackRefusal = keyof typeof callbackRefusals;

/**
 * Why events may not be sent to `callbackUrl`; undefined if they may. Names are not resolved here: a name with a private
 * address is refused when it is connected to.
 */
export function checkCallbackUrl(
  callbackUrl: string,
  { allowedHosts, allowPrivate }: Pick<CallbackSettings, 'allowedHosts' | 'allowPrivate'>,
): CallbackRefusal | undefined {
  if (!URL.canParse(callbackUrl)) return 'notAUrl';
  const url = new URL(callbackUrl);
  if (url.protocol !== 'https:' && !(allowPrivate && url.protocol === 'http:')) return 'notHttps';
  if (url.username !== '' || url.password !== '') return 'credentialsInUrl';
  const host = toComparableHost(url);
  const candidates = allowedHosts.filter((allowed) => allowed.host === host);
  if (candidates.length === 0) return 'hostNotAllowed';
  const usualPort = url.protocol === 'https:' ? 443 : 80;
  const port = url.port === '' ? usualPort : Number(url.port);
  if (!candidates.some((allowed) => (allowed.port ?? usualPort) === port)) return 'portNotAllowed';
  // Node resolves names only, so a literal address would bypass the guarded lookup.
  return isIP(host) !== 0 && !allowPrivate && !isPublicAddress(host) ? 'privateAddress' : undefined;
}

/** The host in the one form that is compared: as URL writes it, without IPv6's brackets and the root's final dot. */
export function toComparableHost(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
}
