import { AxiosError, AxiosHeaders } from 'axios';
import type { Level } from 'pino';
import { createLogger } from '../../../src/process/logging';

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

/** The line that is printed for an entry. */
function print(fields: object, message = 'm', level: Level = 'info'): string {
  const lines: string[] = [];
  createLogger({ level: 'info', destination: { write: (line) => lines.push(line) } })[level](fields, message);
  expect(lines).toHaveLength(1);
  return lines[0]!;
}

test('an entry is one line of JSON with level, time, message and then the fields', () => {
  const line = print({ attempt: 3 }, 'two\nlines', 'warn');
  expect(line.indexOf('\n')).toBe(line.length - 1);
  expect(Object.entries(JSON.parse(line) as object)).toEqual([
    ['level', 'warn'],
    ['time', expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)],
    ['message', 'two\nlines'],
    ['attempt', 3],
  ]);
});

test('a message needs no fields, and an error passed instead of fields is printed as an error', () => {
  const lines: string[] = [];
  const log = createLogger({ level: 'info', destination: { write: (line) => lines.push(line) } });
  log.info(`Bearer ${SECRETS.token}`);
  log.warn(new Error(SECRETS.emailAddress), 'm');
  log.debug('below the level');
  expectClean(lines.join());
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
    { level: 'info', time: expect.any(String), message: 'Bearer [redacted]' },
    expect.objectContaining({ message: 'm', error: expect.objectContaining({ message: '[redacted]' }) }),
  ]);
});

test('fields with secrets or personal data are masked by name, in any spelling and at any depth', () => {
  const fields = {
    Authorization: `Bearer ${SECRETS.token}`,
    client_secret: SECRETS.clientSecret,
    request: { attestation: { ...SECRETS }, list: [{ 'Attestation-Id': SECRETS.attestationId }] },
    signatoryFirstName: SECRETS.firstName,
    phone_number: SECRETS.phoneNumber,
  };
  expectClean(print(fields));
});

test('secrets inside texts are masked: in messages, stacks and addresses', () => {
  const error = new Error(`failed for ${SECRETS.emailAddress} with Bearer ${SECRETS.token}`);
  const message = `GET https://cdn.example/mca/?attestationid=${SECRETS.attestationId}&x=1 client_secret=${SECRETS.clientSecret}`;
  expectClean(print({ error }, message));
});

test('an axios error is printed with its message, without its request', () => {
  const config = {
    headers: new AxiosHeaders({ Authorization: `Bearer ${SECRETS.token}` }),
    data: JSON.stringify(SECRETS),
  };
  const error = new AxiosError('timeout of 30000ms exceeded', 'ETIMEDOUT', config, { _header: SECRETS.token });
  const wrapped = new Error('call failed', { cause: error });
  const line = print({ error: wrapped }, 'Activity failed');
  expectClean(line);
  expect(line).toContain('timeout of 30000ms exceeded');
});

test('cycles, bigints and very long texts can be logged', () => {
  const cycle: Record<string, unknown> = { big: 1n, long: 'x'.repeat(100_000), when: new Date(0) };
  cycle['self'] = cycle;
  const line = print(cycle);
  expect(line.length).toBeLessThan(80_000);
  expect(JSON.parse(line)).toMatchObject({ big: '1' });
});

test('everything else is printed unchanged', () => {
  const fields = { dealId: 'D-4711', status: 400, nested: { requestId: 'r' } };
  expect(JSON.parse(print({ ...fields, none: undefined }))).toEqual({
    level: 'info',
    time: expect.any(String),
    message: 'm',
    ...fields,
  });
});
