/** Which addresses events may be sent to, and what a host name resolves to. */
import type { LookupAddress } from 'node:dns';
import { isPublicAddress, PrivateAddressError, publicLookup, type Resolve } from '../../../src/webhooks/public-address';
import { post } from '../../../src/webhooks/deliver';
import { deliverTo, useReceiver } from './events-receiver';

const receiver = useReceiver();

const resolvesTo =
  (...addresses: string[]): Resolve =>
  (_hostname, _options, callback) => {
    const found = addresses.map((address): LookupAddress => ({ address, family: address.includes(':') ? 6 : 4 }));
    callback(null, found);
  };

const failsToResolve: Resolve = (_hostname, _options, callback) =>
  callback(Object.assign(new Error('getaddrinfo ENOTFOUND crm.example'), { code: 'ENOTFOUND' }), []);

function receiverPort(): string {
  return new URL(receiver().url).port;
}

function callbackUrl(): string {
  return `https://crm.example:${receiverPort()}/hook`;
}

describe('addresses', () => {
  test.each(['8.8.8.8', '20.190.128.1', '2606:4700:4700::1111', '::ffff:8.8.8.8'])('%s is public', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });

  test.each([
    ['0.0.0.0', 'this host'],
    ['127.0.0.1', 'loopback'],
    ['10.1.2.3', 'private'],
    ['172.31.255.255', 'private'],
    ['192.168.0.1', 'private'],
    ['100.64.0.1', 'carrier-grade NAT'],
    ['100.100.100.200', 'metadata of Alibaba Cloud'],
    ['169.254.169.254', 'metadata of most clouds'],
    ['168.63.129.16', 'the host of a machine in Azure'],
    ['192.0.0.192', 'metadata of Oracle Cloud'],
    ['198.18.0.1', 'benchmarks'],
    ['224.0.0.1', 'multicast'],
    ['255.255.255.255', 'broadcast'],
    ['::1', 'loopback'],
    ['::', 'unspecified'],
    ['fe80::1', 'link-local'],
    ['fd00:ec2::254', 'unique-local, metadata of AWS'],
    ['fec0::1', 'site-local'],
    ['ff02::1', 'multicast'],
    ['::ffff:10.0.0.1', 'private inside IPv6'],
    ['::10.0.0.1', 'private inside IPv6, the old way'],
    ['64:ff9b::a00:1', 'private behind NAT64'],
    ['2002:a00:1::', 'private behind 6to4'],
    ['not-an-address', 'nothing'],
  ])('%s is not: %s', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });
});

describe('a host name', () => {
  test.each([['127.0.0.1'], ['::ffff:127.0.0.1'], ['8.8.8.8', '127.0.0.1'], ['169.254.169.254']])(
    'that resolves to %s is refused, and nothing connects',
    async (...addresses) => {
      const outcome = await deliverTo(callbackUrl(), { allowPrivate: false }, { resolve: resolvesTo(...addresses) });

      expect(outcome).toEqual({ outcome: 'refused', refusal: 'privateAddress' });
      expect(receiver().connections).toBe(0);
    },
  );

  test('with a private address is called if the setting allows it', async () => {
    const url = `http://localhost:${receiverPort()}/hook`;
    expect(await deliverTo(url, { allowPrivate: true })).toEqual({ outcome: 'delivered', status: 204 });
  });

  test('that cannot be resolved is a failure that can be retried', async () => {
    expect(await deliverTo(callbackUrl(), { allowPrivate: false }, { resolve: failsToResolve })).toEqual({
      outcome: 'unanswered',
      reason: 'ENOTFOUND',
    });
  });

  test('is connected to at the address that was checked, for one address and for several', async () => {
    const asked: string[] = [];
    await post({
      url: `http://crm.example:${receiverPort()}/hook`,
      headers: {},
      body: '{}',
      timeoutMs: 2_000,
      lookup: (hostname, options, connect) => {
        asked.push(hostname);
        if (options.all === true) connect(null, [{ address: '127.0.0.1', family: 4 }]);
        else connect(null, '127.0.0.1', 4);
      },
    });
    expect(asked).toEqual(['crm.example']);
    expect(receiver().requests).toMatchObject([
      { headers: { host: expect.stringMatching(/^crm\.example:/) as string } },
    ]);

    const lookup = publicLookup(resolvesTo('8.8.8.8', '2606:4700:4700::1111'));
    const found = (all: boolean) =>
      new Promise((resolve) =>
        lookup('crm.example', { all }, (_error, address, family) => resolve({ address, family })),
      );
    expect(await found(false)).toEqual({ address: '8.8.8.8', family: 4 });
    expect(await found(true)).toMatchObject({ address: [{ address: '8.8.8.8' }, { family: 6 }] });
  });

  test('with one private address among public ones counts as private', async () => {
    const error = await new Promise((resolve) =>
      publicLookup(resolvesTo('8.8.8.8', '10.0.0.1'))('crm.example', { all: true }, resolve),
    );
    expect(error).toBeInstanceOf(PrivateAddressError);
  });
});
