import { readTemporalTarget } from '../../../src/temporal/connection';

test.each([
  {},
  { TEMPORAL_ADDRESS: '', TEMPORAL_NAMESPACE: '', TEMPORAL_PROFILE: '', TEMPORAL_TLS_CLIENT_CERT_PATH: '' },
])('variables that are not set or empty, as in .env.example, mean the defaults: %j', (environment) => {
  expect(readTemporalTarget(environment)).toEqual({ address: '127.0.0.1:7233', namespace: 'default' });
});

test('variables name the server and the namespace', () => {
  const environment = { TEMPORAL_ADDRESS: 'temporal.example:7233', TEMPORAL_NAMESPACE: 'onboardings' };
  expect(readTemporalTarget(environment)).toEqual({ address: 'temporal.example:7233', namespace: 'onboardings' });
});
