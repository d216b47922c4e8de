import type { PartnerCenterErrorFields } from '../../../src/partner-center';
import { collectSentValues, errorFromAnswer, type CallContext } from '../../../src/partner-center/error-from-answer';
import { attestation, call } from './fixtures';

const context: CallContext = {
  operation: 'createAttestation',
  requestId: call.requestId,
  correlationId: call.correlationId,
  sent: collectSentValues(attestation, 'the-bearer-token'),
};

function readErrorFields(status: number, body: unknown, headers: Record<string, string> = {}) {
  return errorFromAnswer(
    { status, headers, bodyText: typeof body === 'string' ? body : JSON.stringify(body) },
    context,
  );
}

const already = {
  code: 600061,
  message: 'A partner confirmed agreement already exists for the customer.',
  description: 'A partner confirmed agreement already exists for the customer.',
  errorName: 'PartnerConfirmedAgreementAlreadyExists',
  isRetryable: false,
  parameters: {},
  errorMessageExtended: 'InternalErrorCode=600061',
};

interface Shape {
  shape: string;
  status: number;
  body: unknown;
  headers?: Record<string, string>;
  expected: Partial<PartnerCenterErrorFields>;
}

const SHAPES: Shape[] = [
  {
    shape: 'a classic error with its code as text',
    status: 403,
    body: { code: '900149', description: 'The program is not active.', data: [], source: 'PartnerFD' },
    expected: { kind: 'refused', code: '900149', answerUnknown: false },
  },
  {
    shape: 'a classic error with its code as a number',
    status: 403,
    body: { code: 1002, description: 'Authorization Failed', data: [], source: 'PartnerFD' },
    expected: { kind: 'refused', code: '1002', answerUnknown: false },
  },
  {
    shape: "the customers service's error, as 400",
    status: 400,
    body: already,
    expected: {
      kind: 'refused',
      code: '600061',
      errorName: 'PartnerConfirmedAgreementAlreadyExists',
      isRetryable: false,
      answerUnknown: false,
    },
  },
  {
    shape: "the customers service's error, as 409 and without its flag",
    status: 409,
    body: { code: '600061', message: 'exists' },
    expected: { kind: 'refused', code: '600061', answerUnknown: false },
  },
  {
    shape: "the customers service's error that says it may be retried",
    status: 400,
    body: { ...already, code: 600999, errorName: 'TryLater', isRetryable: true },
    expected: { kind: 'refused', code: '600999', errorName: 'TryLater', isRetryable: true },
  },
  {
    shape: 'a validation error of several fields',
    status: 400,
    body: {
      type: 'validation',
      title: 'One or more validation errors occurred',
      status: 400,
      errors: {
        CompanyName: ['The CompanyName field is required.'],
        ExpirationInMinutes: ['ExpirationInMinutes must be between 5 minutes and 7 days (10,080 minutes).'],
      },
    },
    expected: {
      kind: 'refused',
      answerUnknown: false,
      errors: {
        CompanyName: ['The CompanyName field is required.'],
        ExpirationInMinutes: ['ExpirationInMinutes must be between 5 minutes and 7 days (10,080 minutes).'],
      },
    },
  },
  {
    shape: 'an OAuth error',
    status: 401,
    body: { error: 'unauthorized', error_description: 'The access token is invalid or has expired' },
    expected: { kind: 'refused', errorName: 'unauthorized', answerUnknown: false },
  },
  {
    shape: 'an error that is one sentence',
    status: 404,
    body: { error: 'This API is not available for your partner type' },
    expected: { kind: 'refused', answerUnknown: false },
  },
  {
    shape: "the gateway's throttling with its header",
    status: 429,
    body: { statusCode: 429, message: 'Rate limit is exceeded. Try again in 57 seconds.' },
    headers: { 'retry-after': '20' },
    expected: { kind: 'throttled', retryAfterMs: 20_000, answerUnknown: false },
  },
  {
    shape: "the gateway's throttling without its header",
    status: 429,
    body: { statusCode: 429, message: 'Rate limit is exceeded. Try again in 57 seconds.' },
    expected: { kind: 'throttled', retryAfterMs: 57_000, answerUnknown: false },
  },
  { shape: 'an empty 403', status: 403, body: '', expected: { kind: 'refused', answerUnknown: false } },
  {
    shape: 'an error nested as OData does it',
    status: 400,
    body: { error: { code: 'BadRequest', message: 'no' } },
    expected: { kind: 'refused', code: 'BadRequest' },
  },
];

describe('an answer becomes an error', () => {
  test.each(SHAPES)('$shape', ({ status, body, headers, expected }) => {
    const error = readErrorFields(status, body, headers);
    const { name: _, ...kept } = error;
    expect(kept).toEqual({
      operation: 'createAttestation',
      requestId: call.requestId,
      correlationId: call.correlationId,
      status,
      answerUnknown: false,
      ...expected,
    });
  });

  test.each<[string, number, string, PartnerCenterErrorFields['kind']]>([
    ['a redirect with a page', 302, '<html>Object moved</html>', 'refused'],
    ['a redirect without a body', 307, '', 'refused'],
    ['a page of a front end instead of a 401', 401, '<html>', 'refused'],
    ['a page of a front end instead of a 403', 403, '<!DOCTYPE html>', 'refused'],
    ['a page of a front end instead of a 404', 404, '<html>no such site</html>', 'unavailable'],
    ['a 400 whose JSON was cut', 400, '{"code":6000', 'unavailable'],
    ['a 400 that is a bare sentence', 400, 'Template ID is no longer supported.', 'refused'],
    ['a 400 that is a sentence in JSON', 400, '"Template ID is no longer supported."', 'refused'],
    ['a 408', 408, '', 'unavailable'],
    ['a 429 with a page', 429, '<html>', 'throttled'],
    ['an empty 500', 500, '', 'unavailable'],
    ['a 503 with a page', 503, '<html>Service unavailable</html>', 'unavailable'],
    ['a 504 with JSON', 504, '{"code":"800003"}', 'unavailable'],
    ['a 200 with a page', 200, '<html>Sign in</html>', 'unavailable'],
    ['a 200 with cut JSON', 200, '{"attestationId":"', 'unavailable'],
    ['a 204', 204, '', 'unavailable'],
  ])('%s is classified', (_what, status, body, kind) => {
    const error = readErrorFields(status, body);
    expect(error).toMatchObject({ kind, status, answerUnknown: kind === 'unavailable' });
  });

  test('a byte order mark before the JSON is ignored', () => {
    expect(readErrorFields(400, `\uFEFF${JSON.stringify(already)}`)).toMatchObject({ kind: 'refused', code: '600061' });
  });

  test('its message is our own, with status, code and name', () => {
    expect(
      errorFromAnswer(
        { status: 400, headers: {}, bodyText: JSON.stringify(already) },
        { ...context, operation: 'createAgreement' },
      ).message,
    ).toBe(
      'createAgreement was refused by Partner Center: HTTP 400, code 600061 (PartnerConfirmedAgreementAlreadyExists)',
    );
    expect(readErrorFields(503, '<html>').message).toBe(
      'createAttestation got no usable answer from Partner Center: HTTP 503, a web page instead of JSON',
    );
    expect(readErrorFields(429, '', { 'retry-after': '20' }).message).toBe(
      'createAttestation was throttled by Partner Center: HTTP 429, an empty body, retry after 20 s',
    );
  });

  test("the server's ids replace the call's if they look like ids", () => {
    const echoed = { 'ms-requestid': '11111111-1111-4111-8111-111111111111', 'ms-correlationid': 'not an id!' };
    expect(readErrorFields(500, '', echoed)).toMatchObject({
      requestId: '11111111-1111-4111-8111-111111111111',
      correlationId: call.correlationId,
    });
  });

  test('a dated Retry-After is measured against the clock', () => {
    jest.useFakeTimers({ now: Date.UTC(2026, 10, 24, 12, 0, 0) });
    const error = readErrorFields(503, '', { 'retry-after': 'Tue, 24 Nov 2026 12:00:45 GMT' });
    jest.useRealTimers();
    expect(error.retryAfterMs).toBe(45_000);
  });
});
