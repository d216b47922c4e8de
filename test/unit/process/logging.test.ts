import { AxiosError, AxiosHeaders } from 'axios';
import { logLine, redact } from '../../../src/process/logging';

const SECRETS = {
  token: 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJwYXJ0bmVyIn0.c2lnbmF0dXJl',
  clientSecret: 'Q~very.secret-value',
  attestationId: '550e8400-e29b-41d4-a716-446655440000',
  emailAddress: 'john.smith@contoso.com',
  firstName: 'Johannes',
  phoneNumber: '+1-555-0123',
};

function expectClean(text: string): void {
  for (const secret of Object.values(SECRETS)) expect(text).not.toContain(secret);
}

test('an entry is one line of JSON with time, level and message', () => {
  const line = logLine({ level: 'INFO', message: 'two\nlines', timestampMs: 0, attributes: { attempt: 3 } });
  expect(line).not.toContain('\n');
  expect(JSON.parse(line)).toEqual({
    time: '1970-01-01T00:00:00.000Z',
    level: 'info',
    message: 'two\nlines',
    attempt: 3,
  });
});

test('members with a secret or a person’s name are masked, however they are written and however deep they lie', () => {
  const attributes = {
    Authorization: `Bearer ${SECRETS.token}`,
    client_secret: SECRETS.clientSecret,
    request: { attestation: { ...SECRETS }, list: [{ 'Attestation-Id': SECRETS.attestationId }] },
    signatoryFirstName: SECRETS.firstName,
    phone_number: SECRETS.phoneNumber,
  };
  expectClean(logLine({ level: 'warn', message: 'm', attributes }));
});

test('secrets inside texts are masked: in messages, stacks and addresses', () => {
  const error = new Error(`failed for ${SECRETS.emailAddress} with Bearer ${SECRETS.token}`);
  const message = `GET https://cdn.example/mca/?attestationid=${SECRETS.attestationId}&x=1 client_secret=${SECRETS.clientSecret}`;
  expectClean(logLine({ level: 'error', message, attributes: { error } }));
});

test('an axios error shows its message only, not the request that hangs on it', () => {
  const config = {
    headers: new AxiosHeaders({ Authorization: `Bearer ${SECRETS.token}` }),
    data: JSON.stringify(SECRETS),
  };
  const error = new AxiosError('timeout of 30000ms exceeded', 'ETIMEDOUT', config, { _header: SECRETS.token });
  const wrapped = new Error('call failed', { cause: error });
  const line = logLine({ level: 'error', message: 'Activity failed', attributes: { error: wrapped } });
  expectClean(line);
  expect(line).toContain('timeout of 30000ms exceeded');
});

test('cycles, big numbers and endless texts do no harm', () => {
  const cycle: Record<string, unknown> = { big: 1n, long: 'x'.repeat(100_000), when: new Date(0) };
  cycle['self'] = cycle;
  const line = logLine({ level: 'info', message: 'm', attributes: cycle });
  expect(line.length).toBeLessThan(80_000);
  expect(JSON.parse(line)).toMatchObject({ big: '1' });
});

test('what is no secret is left as it is', () => {
  expect(redact({ dealId: 'D-4711', status: 400, nested: { requestId: 'r' }, none: undefined })).toEqual({
    dealId: 'D-4711',
    status: 400,
    nested: { requestId: 'r' },
    none: undefined,
  });
});
