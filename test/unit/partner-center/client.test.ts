import { createPartnerCenter, PartnerCenterError, TokenError } from '../../../src/partner-center';
import { agreement, attestation, call, customerId } from './fixtures';
import {
  issueTokens,
  json,
  expectRejection,
  startClientTestBed,
  neverAnswer,
  text,
  type ClientTestBed,
} from '../../support/http-server';

let testBed: ClientTestBed;
beforeEach(async () => {
  testBed = await startClientTestBed();
});
afterEach(() => testBed.close());

const created = json(201, { attestationId: 'a-1' });
const unauthorized = json(401, { error: 'unauthorized', error_description: 'The access token is invalid' });

describe('creating an attestation', () => {
  test('sends the fields unchanged, with the ids of the call', async () => {
    testBed.api.answer(created);
    await expect(testBed.partnerCenter.createAttestation(attestation, call)).resolves.toEqual({ attestationId: 'a-1' });
    const [request] = testBed.api.requests;
    expect(request).toMatchObject({ method: 'POST', url: '/v1/attestations/enhanced' });
    expect(JSON.parse(request?.body ?? '')).toEqual(attestation);
    expect(request?.headers).toMatchObject({
      authorization: 'Bearer token-1',
      accept: 'application/json',
      'content-type': 'application/json',
      'ms-requestid': call.requestId,
      'ms-correlationid': call.correlationId,
      'ms-cv': expect.stringMatching(/^[A-Za-z0-9+/]{21}[AQgw]\.0$/) as unknown,
      'ms-partnercenter-application': 'agreement-onboarding',
    });
  });

  test('sends an expiry only if one is given', async () => {
    testBed.api.answer(created);
    await testBed.partnerCenter.createAttestation(attestation, call);
    await testBed.partnerCenter.createAttestation({ ...attestation, expirationInMinutes: 30 }, call);
    expect(testBed.api.requests.map(({ body }) => /"expirationInMinutes":\d+/.exec(body)?.[0])).toEqual([
      undefined,
      '"expirationInMinutes":30',
    ]);
  });

  test('accepts 200 as a success too', async () => {
    testBed.api.answer(json(200, { attestationId: 'a-2' }));
    await expect(testBed.partnerCenter.createAttestation(attestation, call)).resolves.toEqual({ attestationId: 'a-2' });
  });

  test.each([
    ['no id', json(201, {})],
    ['an empty id', json(201, { attestationId: ' ' })],
    ['an id that is no text', json(201, { attestationId: 7 })],
    ['a list', json(201, ['a-1'])],
    ['nothing', text(201, '')],
    ['a page', text(200, '<html>Sign in</html>', { 'content-type': 'text/html' })],
    ['half a body', text(201, '{"attestationId":"a-')],
  ])('rejects a success with %s', async (_what, answer) => {
    testBed.api.answer(answer);
    const error = await expectRejection(testBed.partnerCenter.createAttestation(attestation, call), PartnerCenterError);
    expect(error).toMatchObject({ kind: 'unavailable', answerUnknown: true });
    expect(error.message).toContain('a success without an attestationId');
  });

  test('reads a success after a byte order mark', async () => {
    testBed.api.answer(text(201, '\uFEFF{"attestationId":"a-3"}'));
    await expect(testBed.partnerCenter.createAttestation(attestation, call)).resolves.toEqual({ attestationId: 'a-3' });
  });
});

describe('creating an agreement', () => {
  test('sends the agreement and returns its link only', async () => {
    const contact = { firstName: 'Joanna', lastName: 'Smithson', email: 'j@contoso.example' };
    const agreementLink = 'https://agreement.example/1';
    testBed.api.answer(json(201, { ...agreement, primaryContact: contact, agreementLink }));
    await expect(testBed.partnerCenter.createAgreement(customerId, agreement, call)).resolves.toEqual({
      agreementLink,
    });
    expect(testBed.api.requests[0]?.url).toBe(`/v1/customers/${customerId}/agreements`);
    expect(JSON.parse(testBed.api.requests[0]?.body ?? '')).toEqual(agreement);
  });

  test('accepts 200 with any object as a success, also without a link', async () => {
    testBed.api.answer(json(200, {}), json(201, { agreementLink: null }));
    await expect(testBed.partnerCenter.createAgreement(customerId, agreement, call)).resolves.toEqual({});
    await expect(testBed.partnerCenter.createAgreement(customerId, agreement, call)).resolves.toEqual({});
  });

  test('rejects a success without a body, and an error body with a success status', async () => {
    testBed.api.answer(text(201, ''), json(200, { code: 600061, errorName: 'PartnerConfirmedAgreementAlreadyExists' }));
    const create = () =>
      expectRejection(testBed.partnerCenter.createAgreement(customerId, agreement, call), PartnerCenterError);
    expect(await create()).toMatchObject({ kind: 'unavailable', status: 201, answerUnknown: true });
    expect(await create()).toMatchObject({ kind: 'unavailable', status: 200, code: '600061', answerUnknown: true });
  });

  test('reports an agreement that exists already as a refusal with its code', async () => {
    testBed.api.answer(
      json(409, { code: 600061, errorName: 'PartnerConfirmedAgreementAlreadyExists', isRetryable: false }),
    );
    const error = await expectRejection(
      testBed.partnerCenter.createAgreement(customerId, agreement, call),
      PartnerCenterError,
    );
    expect(error).toMatchObject({
      kind: 'refused',
      status: 409,
      code: '600061',
      isRetryable: false,
      answerUnknown: false,
    });
  });

  test('encodes the customer id in the path, with or without a slash after the base URL', async () => {
    const slashed = createPartnerCenter({ ...testBed.settings, baseUrl: `${testBed.api.url}/proxy//` });
    testBed.api.answer(json(201, {}));
    await slashed.createAgreement('a/b?c', agreement, call);
    expect(testBed.api.requests[0]?.url).toBe('/proxy/v1/customers/a%2Fb%3Fc/agreements');
    slashed.close();
  });
});

describe('the token', () => {
  test('is requested once for twenty calls that start together', async () => {
    testBed.api.answer(created);
    await Promise.all(Array.from({ length: 20 }, () => testBed.partnerCenter.createAttestation(attestation, call)));
    expect(testBed.entra.requests).toHaveLength(1);
    expect(testBed.api.requests).toHaveLength(20);
  });

  test('is replaced after a 401, and the request is sent once more with the same id', async () => {
    testBed.api.answer(unauthorized, created);
    await expect(testBed.partnerCenter.createAttestation(attestation, call)).resolves.toEqual({ attestationId: 'a-1' });
    expect(testBed.entra.requests).toHaveLength(2);
    const [first, second] = testBed.api.requests.map(({ headers }) => headers);
    expect(first?.authorization).toBe('Bearer token-1');
    expect(second?.authorization).toBe('Bearer token-2');
    expect(second?.['ms-requestid']).toBe(first?.['ms-requestid']);
    expect(second?.['ms-cv']).not.toBe(first?.['ms-cv']);
  });

  test('is replaced only once: a second 401 is a refusal', async () => {
    testBed.api.answer(unauthorized);
    const error = await expectRejection(testBed.partnerCenter.createAttestation(attestation, call), PartnerCenterError);
    expect(error).toMatchObject({ kind: 'refused', status: 401, errorName: 'unauthorized', answerUnknown: false });
    expect(testBed.api.requests).toHaveLength(2);
    expect(testBed.entra.requests).toHaveLength(2);
  });

  test('is replaced once for twenty calls whose token was rejected together', async () => {
    await testBed.partnerCenter.checkCredentials();
    testBed.api.answer((request, response) => {
      const isRevoked = request.headers.authorization === 'Bearer token-1';
      (isRevoked ? unauthorized : created)(request, response);
    });
    await Promise.all(Array.from({ length: 20 }, () => testBed.partnerCenter.createAttestation(attestation, call)));
    expect(testBed.entra.requests).toHaveLength(2);
    expect(testBed.api.requests).toHaveLength(40);
  });

  test('that cannot be obtained fails the call before Partner Center is asked', async () => {
    testBed.entra.answer(json(401, { error: 'invalid_client' }));
    const error = await expectRejection(testBed.partnerCenter.createAttestation(attestation, call), TokenError);
    expect(error.kind).toBe('refused');
    expect(testBed.api.requests).toHaveLength(0);
  });

  test('that cannot be replaced fails the call with the reason', async () => {
    testBed.api.answer(unauthorized);
    testBed.entra.answer(issueTokens(), json(400, { error: 'unauthorized_client' }));
    const error = await expectRejection(testBed.partnerCenter.createAttestation(attestation, call), TokenError);
    expect(error).toMatchObject({ kind: 'refused', errorCode: 'unauthorized_client' });
  });
});

describe('aborting a call', () => {
  test('that waits for a token ends it at once, and other calls keep waiting', async () => {
    const heldBack: (() => void)[] = [];
    testBed.entra.answer((request, response) => {
      heldBack.push(() => issueTokens()(request, response));
    });
    testBed.api.answer(created);
    const controller = new AbortController();
    const leaving = testBed.partnerCenter.createAttestation(attestation, { ...call, signal: controller.signal });
    const staying = testBed.partnerCenter.createAttestation(attestation, call);
    await testBed.entra.waitForRequests(1);
    controller.abort();
    const error = await expectRejection(leaving, PartnerCenterError);
    expect(error).toMatchObject({ kind: 'aborted', answerUnknown: false });
    heldBack[0]?.();
    await expect(staying).resolves.toEqual({ attestationId: 'a-1' });
    expect(testBed.entra.requests).toHaveLength(1);
  });

  test('in flight ends it at once, and its outcome is unknown', async () => {
    testBed.api.answer(neverAnswer);
    const controller = new AbortController();
    const pending = testBed.partnerCenter.createAgreement(customerId, agreement, {
      ...call,
      signal: controller.signal,
    });
    await testBed.api.waitForRequests(1);
    controller.abort(new Error('a reason with secrets'));
    const error = await expectRejection(pending, PartnerCenterError);
    expect(error).toMatchObject({ kind: 'aborted', answerUnknown: true, requestId: call.requestId });
    expect(error.message).toBe('createAgreement was aborted by its caller');
  });

  test('before it starts sends no request', async () => {
    const signal = AbortSignal.abort();
    const error = await expectRejection(
      testBed.partnerCenter.createAttestation(attestation, { ...call, signal }),
      PartnerCenterError,
    );
    expect(error).toMatchObject({ kind: 'aborted', answerUnknown: false });
    expect(testBed.api.requests).toHaveLength(0);
    expect(testBed.entra.requests).toHaveLength(0);
  });
});
