/** The three examples of Microsoft's page, from the start of the deal to its agreement, over real HTTP. */
import { customerAcceptedSignal } from '../../src/workflows/messages';
import type { Attestation } from '../../src/onboarding/request';
import { attestedRequest } from '../support/requests';
import type { JournalEntry } from '../support/simulator-control';
import { type Handle, TestStack } from '../support/test-stack';

const USER_ID = '80fdc6b6-ad7c-4783-be01-7b8002d2a949';
const TEMPLATE_ID = '117a77b0-9360-443b-8795-c6dedc750cf9';
const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const examples: [name: string, attestation: Attestation][] = [
  [
    'Basic attestation (default one-hour expiration)',
    {
      country: 'US',
      language: 'en-US',
      companyName: 'Contoso Ltd',
      signatoryLastName: 'Smith',
      signatoryFirstName: 'John',
      emailAddress: 'john.smith@contoso.com',
      phoneNumber: '+1-555-0123',
    },
  ],
  [
    'Quick attestation (30 minutes)',
    {
      country: 'US',
      language: 'en-US',
      companyName: 'Quick Corp',
      signatoryLastName: 'Fast',
      signatoryFirstName: 'Lightning',
      emailAddress: 'lightning@quickcorp.com',
      phoneNumber: '+1-555-0456',
      expirationInMinutes: 30,
    },
  ],
  [
    'Extended attestation (three days)',
    {
      country: 'US',
      language: 'en-US',
      companyName: 'Extended Solutions Inc',
      signatoryLastName: 'Patient',
      signatoryFirstName: 'Very',
      emailAddress: 'very.patient@extendedsolutions.ca',
      phoneNumber: '+1-555-0789',
      expirationInMinutes: 4320,
    },
  ],
];

let stack: TestStack;

beforeAll(async () => {
  stack = await TestStack.start({
    server: 'dev',
    partnerCenterTimeoutMs: 20_000,
    worker: { settings: { defaultUserId: USER_ID } },
  });
});
afterAll(() => stack?.close());
beforeEach(() => stack.control.reset());

/** The customer opens Microsoft's page and presses its button: the form is sent as the page says. */
async function acceptOnPage(attestationId: string): Promise<void> {
  const { url } = stack.control;
  const page = await fetch(`${url}/mca/?attestationid=${attestationId}`);
  const html = await page.text();
  const [, action] = /<form method="post" action="([^"]+)">/.exec(html)!;
  const [, name, value] = /<input type="hidden" name="([^"]+)" value="([^"]+)">/.exec(html)!;
  const accepted = await fetch(`${url}${action}`, { method: 'POST', body: new URLSearchParams({ [name!]: value! }) });
  expect(await accepted.text()).toContain('You have accepted the agreement');
}

async function waitForAttestationId(handle: Handle): Promise<string> {
  const { attestation } = await stack.untilStatus(handle, 'awaitingAcceptance');
  return attestation!.id;
}

async function onboard(handle: Handle) {
  await acceptOnPage(await waitForAttestationId(handle));
  await handle.signal(customerAcceptedSignal);
  return handle.result();
}

async function onlyCall(operation: string): Promise<JournalEntry> {
  const calls = await stack.control.journal(operation);
  expect(calls).toHaveLength(1);
  return calls[0]!;
}

describe.each(examples)('%s', (_name, attestation) => {
  test('ends with the agreement created', async () => {
    const request = attestedRequest();
    const handle = await stack.startOnboarding({ ...request, attestation });

    expect(await onboard(handle)).toMatchObject({
      outcome: 'agreementCreated',
      createdBy: 'thisOnboarding',
      dealId: request.dealId,
      customerId: request.customerId,
    });

    const { history } = await stack.untilStatus(handle, 'agreementCreated');
    expect(history.map(({ status }) => status)).toEqual([
      'creatingAttestation',
      'awaitingAcceptance',
      'creatingAgreement',
      'agreementCreated',
    ]);
  });

  test('sends the attestation as the example shows it, and nothing else', async () => {
    const handle = await stack.startOnboarding({ ...attestedRequest(), attestation });
    await waitForAttestationId(handle);

    const { method, path, body } = await onlyCall('createAttestation');

    expect({ method, path }).toEqual({ method: 'POST', path: '/v1/attestations/enhanced' });
    expect(body).toStrictEqual(attestation);
    await handle.cancel();
  });

  test('sends the agreement with the accepted attestation, its date in UTC and no contact', async () => {
    const request = attestedRequest();
    const handle = await stack.startOnboarding({ ...request, attestation });
    const attestationId = await waitForAttestationId(handle);
    const { dateAgreed, acceptedAt } = await onboard(handle);

    const { method, path, body } = await onlyCall('createAgreement');

    expect({ method, path }).toEqual({ method: 'POST', path: `/v1/customers/${request.customerId}/agreements` });
    expect(body).toStrictEqual({
      userId: USER_ID,
      attestationId,
      templateId: TEMPLATE_ID,
      dateAgreed,
      type: 'MicrosoftCustomerAgreement',
    });
    expect(dateAgreed).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(dateAgreed).toBe(acceptedAt);
  });

  test('sends both calls with the headers that Partner Center reads', async () => {
    const handle = await stack.startOnboarding({ ...attestedRequest(), attestation });
    const { correlationId } = await onboard(handle);

    const calls = [await onlyCall('createAttestation'), await onlyCall('createAgreement')];

    for (const { headers } of calls) {
      expect(headers).toMatchObject({
        'content-type': 'application/json',
        accept: 'application/json',
        authorization: expect.stringMatching(/^Bearer \S+$/) as string,
        'ms-correlationid': correlationId,
        'ms-requestid': expect.stringMatching(GUID) as string,
        'ms-cv': expect.stringMatching(/^[A-Za-z0-9+/]{22}\.0$/) as string,
      });
    }
    expect(correlationId).toMatch(GUID);
    expect(new Set(calls.map(({ headers }) => headers['ms-cv'])).size).toBe(2);
  });

  test('gives each operation its own request id, because Partner Center may replay the answer for an id', async () => {
    await onboard(await stack.startOnboarding({ ...attestedRequest(), attestation }));

    const calls = [await onlyCall('createAttestation'), await onlyCall('createAgreement')];

    expect(new Set(calls.map(({ headers }) => headers['ms-requestid'])).size).toBe(2);
  });

  test('a second onboarding of the same person and customer ends with the earlier agreement', async () => {
    const { customerId } = attestedRequest();
    await onboard(await stack.startOnboarding({ ...attestedRequest({ customerId }), attestation }));

    const again = await onboard(await stack.startOnboarding({ ...attestedRequest({ customerId }), attestation }));

    expect(again).toMatchObject({
      outcome: 'agreementAlreadyExists',
      createdBy: 'earlier',
      problem: { code: '600061', errorName: 'PartnerConfirmedAgreementAlreadyExists' },
    });
    expect(await stack.control.journal('createAgreement')).toHaveLength(2);
  });
});

test('a user named by the deal replaces the configured one', async () => {
  const userId = 'f3a1c2d4-0000-4000-8000-000000000001';
  await onboard(await stack.startOnboarding(attestedRequest({ agreement: { userId } })));

  expect((await onlyCall('createAgreement')).body).toMatchObject({ userId });
});
