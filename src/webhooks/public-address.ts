/**
 * Keeps callbacks away from private networks (SSRF). Written by hand: a filter library checks a name before the connection
 * and not the address that is connected to.
 */
import { lookup as systemLookup, type LookupAddress, type LookupOptions } from 'node:dns';
import type { LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';

const GLOBAL_IPV6 = ipaddr.IPv6.parseCIDR('2000::/3'); // all that IANA has assigned for the public internet
const AZURE_PLATFORM = '168.63.129.16'; // in a public range, but every Azure virtual machine reaches its host there

/**
 * Whether an address belongs to the public internet: none that is private, loopback, link-local (where clouds keep their
 * metadata services), unique-local, carrier-grade NAT, multicast, reserved, or a tunnel or translation to one of them.
 */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address); // an IPv4-mapped IPv6 address is checked as the IPv4 address
  if (parsed.range() !== 'unicast') return false;
  return parsed instanceof ipaddr.IPv6 ? parsed.match(GLOBAL_IPV6) : parsed.toString() !== AZURE_PLATFORM;
}

export class PrivateAddressError extends Error {
  override readonly name = 'PrivateAddressError';
}

export type Resolve = (
  hostname: string,
  options: LookupOptions & { all: true },
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/**
 * A `lookup` for a connection that fails with PrivateAddressError when any address of the name is not public. It is
 * the connection's own lookup, so the address that is checked is the one that is connected to.
 */
export function publicLookup(resolve: Resolve = systemLookup): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      const [first] = addresses ?? [];
      if (error !== null || first === undefined) {
        callback(error ?? new Error('The name has no address.'), '');
      } else if (!addresses.every(({ address }) => isPublicAddress(address))) {
        callback(new PrivateAddressError('The name resolves to an address that is not public.'), '');
      } else if (options.all === true) {
        callback(null, addresses);
      } else {
        callback(null, first.address, first.family);
      }
    });
  };
}
