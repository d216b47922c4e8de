/** The variables of callbacks, for the gateway and for the worker. */
import { ConfigurationError, readGatewayConfig, readWorkerConfig } from '../../../src/config';
import { newSecret } from '../webhooks/events-receiver';

const secret = newSecret();
const set = {
  CRM_CALLBACK_ALLOWED_HOSTS: 'crm.example',
  CRM_CALLBACK_SECRETS: secret,
};

const keys = `k1:${Buffer.alloc(32, 1).toString('base64')}`;

function readCallbacks(variables: Record<string, string>) {
  const gateway = { GATEWAY_API_KEYS: `crm:${'0'.repeat(64)}`, ACCEPTANCE_LINK_KEYS: keys };
  return readGatewayConfig({ ...gateway, ...variables }).callbacks;
}

function readFaults(read: () => unknown): readonly string[] {
  try {
    read();
  } catch (error) {
    if (error instanceof ConfigurationError) return error.faults;
    throw error;
  }
  throw new Error('There was no fault.');
}

test('without any of them there are no callbacks', () => {
  expect(readCallbacks({})).toBeUndefined();
  expect(readCallbacks({ CRM_CALLBACK_ALLOWED_HOSTS: ' ', CRM_CALLBACK_SECRETS: '' })).toBeUndefined();
});

test('hosts are read with or without a port and written as in URLs; secrets keep their order', () => {
  const second = newSecret();
  const settings = readCallbacks({
    CRM_CALLBACK_ALLOWED_HOSTS: 'CRM.Example, hooks.example:8443,[0:0::1]:4010,127.0.0.1,bücher.example',
    CRM_CALLBACK_SECRETS: `${secret},${second}`,
    CRM_CALLBACK_ALLOW_PRIVATE: 'true',
  });

  expect(settings).toEqual({
    allowedHosts: [
      { host: 'crm.example' },
      { host: 'hooks.example', port: 8443 },
      { host: '::1', port: 4010 },
      { host: '127.0.0.1' },
      { host: 'xn--bcher-kva.example' },
    ],
    secrets: [secret, second],
    allowPrivate: true,
  });
  expect(readCallbacks(set)?.allowPrivate).toBe(false);
});

test.each([
  'https://crm.example',
  'crm.example/hook',
  '*.example',
  'user@crm.example',
  'crm.example:0',
  'a:70000',
  ', ,',
])('%s is not a host, and the fault does not repeat it', (hosts) => {
  const [fault, ...others] = readFaults(() => readCallbacks({ ...set, CRM_CALLBACK_ALLOWED_HOSTS: hosts }));
  expect(fault).toMatch(/^CRM_CALLBACK_ALLOWED_HOSTS must be host or host:port/);
  expect(others).toEqual([]);
});

test.each([
  'a-secret-of-mine',
  'whsec_c2hvcnQ=',
  `${newSecret()},whsec_not base64`,
  `whsec_${Buffer.alloc(65).toString('base64')}`,
])('a secret that cannot sign is reported without its value', (secrets) => {
  const faults = readFaults(() => readCallbacks({ ...set, CRM_CALLBACK_SECRETS: secrets }));
  expect(faults).toEqual([expect.stringMatching(/^CRM_CALLBACK_SECRETS must be whsec_/)]);
  expect(faults.join()).not.toContain(secrets);
});

test('hosts without secrets, and secrets without hosts, are a fault', () => {
  expect(readFaults(() => readCallbacks({ CRM_CALLBACK_ALLOWED_HOSTS: 'crm.example' }))).toEqual([
    expect.stringContaining('CRM_CALLBACK_SECRETS is missing'),
  ]);
  expect(readFaults(() => readCallbacks({ CRM_CALLBACK_SECRETS: secret }))).toEqual([
    expect.stringContaining('CRM_CALLBACK_ALLOWED_HOSTS is missing'),
  ]);
});

describe('a worker', () => {
  const worker = {
    PARTNER_CENTER_TENANT_ID: 'partner.example',
    PARTNER_CENTER_CLIENT_ID: '5a1e0c7e-0000-4000-8000-00000000a99d',
    PARTNER_CENTER_CLIENT_SECRET: 'a-secret',
  };

  test('needs link keys only with callbacks, because events contain links', () => {
    expect(readWorkerConfig(worker).callbacks).toBeUndefined();
    expect(readFaults(() => readWorkerConfig({ ...worker, ...set }))).toEqual([
      expect.stringContaining('ACCEPTANCE_LINK_KEYS is missing'),
    ]);
    const { callbacks, acceptanceLinks } = readWorkerConfig({ ...worker, ...set, ACCEPTANCE_LINK_KEYS: keys });
    expect(callbacks?.secrets).toEqual([secret]);
    expect(acceptanceLinks).toMatchObject({ publicUrl: 'http://127.0.0.1:3000', keys: [{ id: 'k1' }] });
  });

  test('reports the faults of callbacks together with all others', () => {
    const faults = readFaults(() =>
      readWorkerConfig({
        ...worker,
        CRM_CALLBACK_SECRETS: 'none',
        CRM_CALLBACK_ALLOW_PRIVATE: 'yes',
        LOG_LEVEL: 'loud',
      }),
    );
    expect(new Set(faults.map((fault) => fault.split(' ')[0]))).toEqual(
      new Set(['CRM_CALLBACK_ALLOWED_HOSTS', 'CRM_CALLBACK_ALLOW_PRIVATE', 'CRM_CALLBACK_SECRETS', 'LOG_LEVEL']),
    );
  });
});
