import { createHash, randomBytes } from 'node:crypto';
import { ConfigurationError, readMicrosoftPageUrl, readGatewayConfig } from '../../../src/config';

const hash = createHash('sha256').update('the key').digest('hex');
const secret = randomBytes(32).toString('base64');
const complete = { GATEWAY_API_KEYS: `crm:${hash}`, ACCEPTANCE_LINK_KEYS: `k1:${secret}` };

function readFaults(environment: Record<string, string>): string[] {
  try {
    readGatewayConfig(environment);
  } catch (error) {
    return [...(error as ConfigurationError).faults];
  }
  return [];
}

test('two variables are enough, the rest has defaults', () => {
  expect(readGatewayConfig(complete)).toMatchObject({
    host: '127.0.0.1',
    port: 3000,
    taskQueue: 'agreement-onboarding',
    microsoftPageUrl: 'https://cdn.partner.microsoft.com/mca/',
    acceptanceLinks: { keys: [{ id: 'k1' }], publicUrl: 'http://127.0.0.1:3000' },
    apiKeys: [{ name: 'crm' }],
    frameAncestors: [],
    trustedProxies: [],
    callbacks: undefined,
    allowPrimaryContactMethod: false,
    metricsAddress: undefined,
    logLevel: 'info',
  });
});

test('a key can belong to a reseller, and several can share a name during a rotation', () => {
  const { apiKeys } = readGatewayConfig({
    ...complete,
    GATEWAY_API_KEYS: `erp@fabrikam:${hash}, crm:${hash},crm:${hash}`,
  });
  expect(apiKeys.map(({ name, resellerId }) => [name, resellerId])).toEqual([
    ['erp', 'fabrikam'],
    ['crm', undefined],
    ['crm', undefined],
  ]);
  expect(apiKeys[0]!.sha256.toString('hex')).toBe(hash);
});

test('every fault is reported at once, by name and without its value', () => {
  const faults = readFaults({
    GATEWAY_API_KEYS: 'crm:the-key-itself',
    GATEWAY_PORT: '70000',
    GATEWAY_PUBLIC_URL: 'onboarding.example.com',
    GATEWAY_FRAME_ANCESTORS: 'https://portal.example.com/path',
    PARTNER_CENTER_ACCEPTANCE_URL: 'nowhere',
    CRM_CALLBACK_ALLOWED_HOSTS: 'crm.example.com',
  });
  expect([...new Set(faults.map((fault) => fault.split(' ')[0]))].toSorted()).toEqual([
    'ACCEPTANCE_LINK_KEYS',
    'CRM_CALLBACK_SECRETS',
    'GATEWAY_API_KEYS',
    'GATEWAY_FRAME_ANCESTORS',
    'GATEWAY_PORT',
    'GATEWAY_PUBLIC_URL',
    'PARTNER_CENTER_ACCEPTANCE_URL',
  ]);
  expect(faults.join()).not.toContain('the-key-itself');
});

test.each([
  ['k1:c2hvcnQ=', 'at least 32 bytes'],
  [secret, 'id:base64'],
  [`k1:${secret},k1:${secret}`, 'uses a key id twice'],
])('the link keys %s are refused', (keys, reason) => {
  const read = () => readGatewayConfig({ ...complete, ACCEPTANCE_LINK_KEYS: keys });
  expect(read).toThrow(ConfigurationError);
  expect(read).toThrow(reason);
  expect(read).not.toThrow(secret);
});

test('link keys keep their order, and one at least is needed', () => {
  const keys = `new:${secret},old:${randomBytes(48).toString('base64url')}`;
  expect(
    readGatewayConfig({ ...complete, ACCEPTANCE_LINK_KEYS: keys }).acceptanceLinks.keys.map(({ id }) => id),
  ).toEqual(['new', 'old']);
  expect(readFaults({ ...complete, ACCEPTANCE_LINK_KEYS: '' })).toEqual([
    expect.stringContaining('ACCEPTANCE_LINK_KEYS is missing'),
  ]);
});

test('Microsoft’s page has its public address unless another is set', () => {
  expect(readMicrosoftPageUrl({})).toBe('https://cdn.partner.microsoft.com/mca/');
  expect(readMicrosoftPageUrl({ PARTNER_CENTER_ACCEPTANCE_URL: 'http://127.0.0.1:4010/mca/' })).toBe(
    'http://127.0.0.1:4010/mca/',
  );
});
