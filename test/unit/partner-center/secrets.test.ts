import { inspect } from 'node:util';
import { createPartnerCenter, type PartnerCenter } from '../../../src/partner-center';
import { makeCertificate } from '../../support/certificates';
import { agreement, attestation, call, customerId } from './fixtures';
import {
  issueTokens,
  json,
  resetConnection,
  startClientTestBed,
  neverAnswer,
  text,
  type Answer,
  type ClientTestBed,
} from '../../support/http-server';

let testBed: ClientTestBed;
beforeEach(async () => {
  testBed = await startClientTestBed({ timeoutMs: 200 });
  testBed.entra.answer(json(200, { token_type: 'Bearer', expires_in: 3599, access_token: PLANTED.token }));
});
afterEach(() => testBed.close());

const PLANTED = {
  token: 'planted-bearer-token',
  attestationId: agreement.attestationId ?? '',
  firstName: attestation.signatoryFirstName,
  lastName: attestation.signatoryLastName,
  email: attestation.emailAddress,
  phone: attestation.phoneNumber,
  company: attestation.companyName,
};
const SERVER_WORDS = 'planted words of the server';
const CLIENT_SECRET = 'open~Sesame.8';

const contact = {
  firstName: attestation.signatoryFirstName,
  lastName: attestation.signatoryLastName,
  email: attestation.emailAddress,
  phoneNumber: attestation.phoneNumber,
};

/** Everything planted, in every place where an error body or header could carry it. */
function echo(status: number): Answer {
  const everything = Object.values(PLANTED).join(' ');
  const sentence = `${SERVER_WORDS}: ${everything}`;
  const body = {
    code: PLANTED.attestationId,
    errorName: PLANTED.lastName,
    message: sentence,
    description: sentence,
    error: PLANTED.token,
    error_description: sentence,
    errors: { EmailAddress: [everything], [PLANTED.lastName]: [everything] },
    parameters: { everything },
    data: [everything],
  };
  return json(status, body, {
    'ms-requestid': PLANTED.token,
    'ms-correlationid': everything,
    'x-echo': everything,
    'set-cookie': everything,
    location: `http://127.0.0.1:1/?${encodeURIComponent(everything)}`,
  });
}

const cut: Answer = (_request, response) => {
  response.writeHead(201, { 'content-length': 5_000 }).write(JSON.stringify(PLANTED));
  setImmediate(() => response.socket?.destroy());
};

type Call = (partnerCenter: PartnerCenter, signal?: AbortSignal) => Promise<unknown>;
const CALLS: [string, Call][] = [
  ['createAttestation', (it, signal) => it.createAttestation(attestation, { ...call, ...(signal && { signal }) })],
  [
    'createAgreement',
    (it, signal) => {
      const request = { ...agreement, primaryContact: contact };
      return it.createAgreement(customerId, request, { ...call, ...(signal && { signal }) });
    },
  ],
];

const ANSWERS: [string, Answer][] = [
  ...[200, 302, 400, 401, 403, 404, 408, 409, 429, 500, 503].map((status): [string, Answer] => [
    `an echo under ${status}`,
    echo(status),
  ]),
  ['a page', text(200, `<html>${Object.values(PLANTED).join(' ')}</html>`)],
  ['broken JSON', text(201, `{"attestationId":"${Object.values(PLANTED).join(' ')}`)],
  ['a reset', resetConnection],
  ['a hang', neverAnswer],
  ['a cut body', cut],
  ['a body over the limit', text(201, Object.values(PLANTED).join(' ').repeat(20_000))],
];

describe.each(CALLS)('an error of %s carries no secret and no name', (_operation, run) => {
  test.each(ANSWERS)('after %s', async (_what, answer) => {
    testBed.api.answer(answer);
    await expectClean(run(testBed.partnerCenter));
  });

  test('after an abort', async () => {
    testBed.api.answer(neverAnswer);
    const patient = createPartnerCenter({ ...testBed.settings, timeoutMs: 30_000 }); // the abort is to come first
    const controller = new AbortController();
    const pending = run(patient, controller.signal);
    await testBed.api.waitForRequests(1);
    controller.abort(new Error(PLANTED.email));
    await expectClean(pending);
    patient.close();
  });

  test('after a refused connection', async () => {
    const gone = createPartnerCenter({ ...testBed.settings, baseUrl: 'http://127.0.0.1:1' });
    await expectClean(run(gone));
    gone.close();
  });
});

describe('an error of a token request contains no secret', () => {
  const echoed = {
    error: CLIENT_SECRET,
    error_description: CLIENT_SECRET,
    error_codes: [CLIENT_SECRET],
  };
  test.each<[string, Answer]>([
    ['a refusal', json(401, { ...echoed, suberror: CLIENT_SECRET, claims: PLANTED.token })],
    ['an outage', json(503, echoed, { 'x-echo': CLIENT_SECRET })],
    ['a page', text(200, `<html>${CLIENT_SECRET}</html>`)],
    ['a cut token', text(200, `{"access_token":"${PLANTED.token}`)],
    ['a token without its end', json(200, { access_token: PLANTED.token, expires_in: CLIENT_SECRET })],
    ['a reset', resetConnection],
    ['a hang', neverAnswer],
  ])('after %s', async (_what, answer) => {
    testBed.entra.answer(answer);
    testBed.api.answer(neverAnswer);
    await expectClean(testBed.partnerCenter.checkCredentials());
  });

  test('after a token was rejected and not replaced', async () => {
    testBed.entra.answer(issueTokens(), json(401, echoed));
    testBed.api.answer(echo(401));
    await expectClean(testBed.partnerCenter.createAttestation(attestation, call));
  });

  test('after a certificate could not be read', async () => {
    const { key, certificate } = makeCertificate();
    const line = key.split('\n')[5] ?? '';
    const pem = key.replace(/\n.{4}/, '\n!!!!') + certificate;
    const { clientSecret: _, ...credentials } = testBed.settings.credentials;
    const create = async () =>
      createPartnerCenter({ ...testBed.settings, credentials: { ...credentials, clientCertificatePem: pem } });
    await expectClean(create(), [line]);
  });
});

async function expectClean(
  pending: Promise<unknown>,
  secrets: string[] = [...Object.values(PLANTED), SERVER_WORDS, CLIENT_SECRET],
): Promise<void> {
  const error: unknown = await pending.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof Error)) throw new Error('expected a rejection with an Error');
  expect(error.cause).toBeUndefined();
  const printed = [
    String(error),
    error.stack ?? '',
    JSON.stringify(error),
    JSON.stringify(Object.getOwnPropertyDescriptors(error)),
    inspect(error, { showHidden: true, depth: Infinity, getters: true }),
  ].join('\n');
  for (const secret of secrets) {
    for (const form of [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64')]) {
      expect(printed.toLowerCase()).not.toContain(form.toLowerCase());
    }
  }
}
