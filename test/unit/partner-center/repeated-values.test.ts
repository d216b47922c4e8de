import * as fc from 'fast-check';
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

describe('a value of the request that an answer repeats', () => {
  test('is masked in validation messages, in any case and every time', () => {
    const message =
      "'JOANNA.SMITHSON@contoso.example' (Joanna Smithson) of Contoso Ltd: Joanna, +1-555-0123 is not valid.";
    const error = readErrorFields(400, { errors: { EmailAddress: [message] } });
    expect(error.errors).toEqual({ EmailAddress: ["'…' (… …) of …: …, … is not valid."] });
  });

  test('is masked only as a whole word if it is shorter than three letters', () => {
    const sent = collectSentValues({ signatoryFirstName: 'Al', signatoryLastName: '李' });
    const body = JSON.stringify({ errors: { SignatoryFirstName: ["invalid: 'Al' '李'"] } });
    expect(errorFromAnswer({ status: 400, headers: {}, bodyText: body }, { ...context, sent }).errors).toEqual({
      SignatoryFirstName: ["invalid: '…' '…'"],
    });
  });

  test('is masked before a long message is cut, so that no half of it remains', () => {
    const message = `${'x'.repeat(190)} ${attestation.emailAddress}`;
    const [kept] = readErrorFields(400, { errors: { EmailAddress: [message] } }).errors?.['EmailAddress'] ?? [];
    expect(kept).toBe(`${'x'.repeat(190)} …`);
  });

  test('is never kept as a code, a name or an id', () => {
    const body = { code: 'Smithson', errorName: 'the-bearer-token', isRetryable: 'Joanna' };
    const context2 = {
      ...context,
      sent: collectSentValues('11111111-1111-4111-8111-111111111111', 'Smithson', 'the-bearer-token'),
    };
    const headers = { 'ms-requestid': '11111111-1111-4111-8111-111111111111' };
    const error = errorFromAnswer({ status: 400, headers, bodyText: JSON.stringify(body) }, context2);
    expect(error).toMatchObject({ requestId: call.requestId });
    expect(Object.keys(error)).not.toEqual(expect.arrayContaining(['code']));
    expect(Object.keys(error)).not.toEqual(expect.arrayContaining(['errorName']));
    expect(Object.keys(error)).not.toEqual(expect.arrayContaining(['isRetryable']));
  });

  test('can be part of a code by chance', () => {
    const sent = collectSentValues({ firstName: 'Art', lastName: 'Partner', phoneNumber: '061' });
    expect(
      errorFromAnswer({ status: 400, headers: {}, bodyText: JSON.stringify(already) }, { ...context, sent }),
    ).toMatchObject({
      code: '600061',
      errorName: 'PartnerConfirmedAgreementAlreadyExists',
    });
  });

  test('is not known when an agreement quotes its attestation, so only the fields are kept', () => {
    const body = JSON.stringify({ errors: { AttestationId: ['Joanna Smithson has not accepted.'] } });
    const error = errorFromAnswer(
      { status: 400, headers: {}, bodyText: body },
      {
        ...context,
        operation: 'createAgreement',
        sent: collectSentValues('x'),
      },
    );
    expect(error.errors).toEqual({ AttestationId: [] });
    expect(error.message).toBe('createAgreement was refused by Partner Center: HTTP 400, fields AttestationId');
  });

  test('is bounded: ten fields, five messages each, 200 characters a message', () => {
    const messages = Array.from({ length: 9 }, () => 'y'.repeat(1_000));
    const errors = Object.fromEntries(Array.from({ length: 30 }, (_unused, index) => [`Field${index}`, messages]));
    const kept = readErrorFields(400, { errors }).errors ?? {};
    expect(Object.keys(kept)).toHaveLength(10);
    expect(kept['Field0']).toHaveLength(5);
    expect(kept['Field0']?.[0]).toHaveLength(200);
  });

  test('is never kept, in any answer', () => {
    const secrets = [attestation.emailAddress, attestation.signatoryLastName, attestation.phoneNumber];
    const anyText = fc.oneof(
      fc.string(),
      fc.constantFrom(...secrets),
      fc.string().map((s) => `${s}Smithson${s}`),
    );
    const anyBody = fc.oneof(
      anyText,
      fc.json(),
      fc
        .record(
          {
            code: fc.oneof(anyText, fc.integer(), fc.constant(null)),
            errorName: anyText,
            error: fc.oneof(anyText, fc.record({ code: anyText })),
            message: anyText,
            isRetryable: fc.oneof(fc.boolean(), anyText),
            errors: fc.oneof(anyText, fc.dictionary(anyText, fc.oneof(anyText, fc.array(anyText)))),
          },
          { requiredKeys: [] },
        )
        .map((body) => JSON.stringify(body)),
    );
    const anyHeaders = fc.dictionary(fc.constantFrom('retry-after', 'ms-requestid', 'ms-correlationid'), anyText);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 999 }), anyHeaders, anyBody, (status, headers, body) => {
        const error = errorFromAnswer({ status, headers, bodyText: body }, context);
        const printed = `${error.message} ${JSON.stringify(error)}`.toLowerCase();
        for (const secret of secrets) expect(printed).not.toContain(secret.toLowerCase());
      }),
      { numRuns: 500 },
    );
  });
});
