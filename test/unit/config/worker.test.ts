import { type ConfigurationError, readWorkerConfig } from '../../../src/config';

const complete = {
  PARTNER_CENTER_TENANT_ID: 'partner.onmicrosoft.com',
  PARTNER_CENTER_CLIENT_ID: '11111111-2222-3333-4444-555555555555',
  PARTNER_CENTER_CLIENT_SECRET: 'very-secret',
};

function readFaults(environment: Record<string, string>): string[] {
  try {
    readWorkerConfig(environment);
  } catch (error) {
    return [...(error as ConfigurationError).faults];
  }
  return [];
}

test('three variables are enough, the rest has defaults', () => {
  expect(readWorkerConfig(complete)).toMatchObject({
    taskQueue: 'agreement-onboarding',
    logLevel: 'info',
    agreement: { defaultTemplateId: '117a77b0-9360-443b-8795-c6dedc750cf9', allowPrimaryContactMethod: false },
    partnerCenter: {
      baseUrl: 'https://api.partnercenter.microsoft.com',
      apiVersion: 'v1',
      timeoutMs: 30_000,
      credentials: { scope: 'https://api.partnercenter.microsoft.com/.default', clientSecret: 'very-secret' },
    },
  });
});

test('every fault is reported at once, by name and without its value', () => {
  const faults = readFaults({
    PARTNER_CENTER_CLIENT_ID: 'not-a-guid-but-maybe-a-secret',
    PARTNER_CENTER_TIMEOUT_SECONDS: '61',
    LOG_LEVEL: 'loud',
    WORKER_HEALTH_ADDRESS: 'nowhere',
    ALLOW_PRIMARY_CONTACT_METHOD: 'yes',
  });
  expect(faults.map((fault) => fault.split(' ')[0]).toSorted()).toEqual([
    'ALLOW_PRIMARY_CONTACT_METHOD',
    'LOG_LEVEL',
    'PARTNER_CENTER_CLIENT_ID',
    'PARTNER_CENTER_CLIENT_SECRET',
    'PARTNER_CENTER_TENANT_ID',
    'PARTNER_CENTER_TIMEOUT_SECONDS',
    'WORKER_HEALTH_ADDRESS',
  ]);
  expect(faults.join()).not.toContain('not-a-guid');
});

test('an empty variable counts as not set', () => {
  expect(readWorkerConfig({ ...complete, LOG_LEVEL: '', METRICS_ADDRESS: ' ' }).logLevel).toBe('info');
});

test('a secret and a certificate together are a fault', () => {
  const faults = readFaults({ ...complete, PARTNER_CENTER_CLIENT_CERTIFICATE_PATH: '/some/where.pem' });
  expect(faults).toEqual([expect.stringContaining('only one of the two')]);
});

test('a certificate that cannot be read is named by its variable', () => {
  const { PARTNER_CENTER_CLIENT_SECRET: _, ...rest } = complete;
  const read = () => readWorkerConfig({ ...rest, PARTNER_CENTER_CLIENT_CERTIFICATE_PATH: '/no/such/file.pem' });
  expect(read).toThrow(/PARTNER_CENTER_CLIENT_CERTIFICATE_PATH .*ENOENT/);
});

test('an address is read with its port, also for IPv6', () => {
  expect(readWorkerConfig({ ...complete, WORKER_HEALTH_ADDRESS: '0.0.0.0:9090' }).healthAddress).toEqual({
    host: '0.0.0.0',
    port: 9090,
  });
  expect(readWorkerConfig({ ...complete, WORKER_HEALTH_ADDRESS: '[::1]:9090' }).healthAddress?.host).toBe('::1');
});

describe('the deployment version of a worker', () => {
  const versioned = { TEMPORAL_DEPLOYMENT_NAME: 'shop/agreement-onboarding', TEMPORAL_WORKER_BUILD_ID: 'v1.4.0+7bce' };

  test('is none unless it is configured', () => {
    expect(readWorkerConfig(complete).deployment).toBeUndefined();
  });

  test('is a deployment name and a build id', () => {
    expect(readWorkerConfig({ ...complete, ...versioned }).deployment).toEqual({
      deploymentName: 'shop/agreement-onboarding',
      buildId: 'v1.4.0+7bce',
    });
  });

  test.each(Object.keys(versioned))(
    'is not complete without %s, which is reported together with other faults',
    (name) => {
      const faults = readFaults({ ...complete, ...versioned, [name]: '', LOG_LEVEL: 'loud' });
      expect(faults).toEqual(
        expect.arrayContaining([expect.stringContaining(`${name} is missing`), expect.stringContaining('LOG_LEVEL')]),
      );
      expect(faults).toHaveLength(2);
    },
  );

  test.each([
    ['TEMPORAL_DEPLOYMENT_NAME', 'a dot', 'agreement.onboarding'],
    ['TEMPORAL_DEPLOYMENT_NAME', 'a colon', 'agreement:onboarding'],
    ['TEMPORAL_DEPLOYMENT_NAME', "the server's own prefix", '__agreement'],
    ['TEMPORAL_DEPLOYMENT_NAME', 'a character too many', 'a'.repeat(128)],
    ['TEMPORAL_WORKER_BUILD_ID', 'a space', 'two words'],
    ['TEMPORAL_WORKER_BUILD_ID', "the server's own prefix", '__unversioned__'],
    ['TEMPORAL_WORKER_BUILD_ID', 'a character too many', 'b'.repeat(128)],
  ])('refuses a %s with %s', (name, _, value) => {
    expect(readFaults({ ...complete, ...versioned, [name]: value })).toEqual([
      expect.stringMatching(new RegExp(`^${name} must be at most 127`)),
    ]);
  });

  test('accepts names of the maximum length', () => {
    const longest = { TEMPORAL_DEPLOYMENT_NAME: 'a'.repeat(127), TEMPORAL_WORKER_BUILD_ID: 'b'.repeat(127) };
    expect(readFaults({ ...complete, ...longest })).toEqual([]);
  });
});
