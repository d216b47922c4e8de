/** docs/crm-integration.md: each request in it is sent, and each program in it is run. */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Webhook } from 'standardwebhooks';
import { sharedVariables } from '../../src/config/shared';
import { createDeliver, createSigner } from '../../src/webhooks/deliver';
import { reservePort } from '../../tools/test-bed/ports';
import { eventTypes } from '../../src/onboarding/events';
import { eventually } from '../support/eventually';
import { CRM_SECRET } from '../support/crm-events';
import { runCommandLineInProcess } from '../support/command-line';
import { startServer, type TestServer } from '../support/http-server';
import { keys, type TestGateway } from '../support/test-gateway';
import { getBlock, guide, isListening, load, parseRequest, root } from './guide';
import { TestStack } from '../support/test-stack';

let stack: TestStack;
let gateway: TestGateway;

beforeAll(async () => {
  stack = await TestStack.start({
    server: 'dev',
    simulator: true,
    gateway: { callbacks: { allowedHosts: [{ host: 'crm.example.com' }], allowPrivate: false } },
  });
  gateway = stack.gateway;
});
afterAll(() => stack?.close());

describe('starting', () => {
  test('by curl returns the link, and the second time the known onboarding', async () => {
    const env = { PATH: process.env['PATH'], ONBOARDING_URL: gateway.url, ONBOARDING_API_KEY: keys.crm };
    const curl = async () => {
      const child = spawn('bash', ['-ec', getBlock('curl-start')], { env, stdio: ['ignore', 'pipe', 'inherit'] });
      let answer = '';
      for await (const chunk of child.stdout) answer += String(chunk);
      return JSON.parse(answer) as unknown;
    };

    expect(await curl()).toMatchObject({
      id: 'D-4711',
      status: 'creatingAttestation',
      attempt: 1,
      acceptanceUrl: expect.stringContaining('/accept/') as string,
      links: expect.any(Object) as object,
    });
    expect(await curl()).toMatchObject({ id: 'D-4711', ignored: [], onboarding: { dealId: 'D-4711' } });
  });

  test('from HubSpot returns output fields for the workflow', async () => {
    const env = {
      ONBOARDING_URL: gateway.url,
      ONBOARDING_API_KEY: keys.crm,
      ONBOARDING_CALLBACK_URL: 'https://crm.example.com/hooks/hubspot',
    };
    const { main } = load('hubspot-start', env) as {
      main: (event: object, callback: (result: object) => void) => Promise<void>;
    };
    const inputFields = {
      dealId: '123456789',
      customerTenantId: randomUUID(),
      country: 'US',
      language: 'en-US',
      company: 'Contoso Ltd',
      firstName: 'John',
      lastName: 'Smith',
      email: 'john.smith@contoso.com',
      phone: '+1-555-0123',
    };
    const outputs: object[] = [];
    await main({ inputFields }, (result) => outputs.push(result));
    await main({ inputFields: { ...inputFields, customerTenantId: 'none' } }, (result) => outputs.push(result));

    expect(outputs).toMatchObject([
      { outputFields: { started: true, onboardingStatus: 'creatingAttestation', problem: '' } },
      { outputFields: { started: false, problem: expect.stringMatching(/./) as string } },
    ]);
  });

  test('from Salesforce sends a request that is accepted', async () => {
    const { method, path, headers, body } = parseRequest('salesforce-start');
    const answer = await fetch(`${gateway.url}${path}`, {
      method,
      headers: { ...headers, 'x-api-key': headers['x-api-key']!.replace('$ONBOARDING_API_KEY', keys.crm) },
      body,
    });

    expect(answer.status).toBe(202);
    expect(answer.headers.get('location')).toBe('/v1/onboardings/sf-0065g00000XyZ1AAAV');
    await answer.body?.cancel();
  });

  test('from Power Automate sends a request that is accepted', async () => {
    const values: Record<string, string> = {
      OnboardingUrl: gateway.url,
      OnboardingApiKey: keys.crm,
      OnboardingCallbackUrl: 'https://crm.example.com/hooks/flow',
      'body/opportunityid': randomUUID(),
      'body/new_tenantid': randomUUID(),
      'body/new_countrycode': 'US',
      'body/new_language': 'en-US',
      'body/name': 'Contoso Ltd',
      'body/firstname': 'John',
      'body/lastname': 'Smith',
      'body/emailaddress1': 'john.smith@contoso.com',
      'body/telephone1': '+1-555-0123',
    };
    const evaluated = getBlock('power-automate-start').replace(
      /@\{[^}]*'([\w/]+)'[\])]+\}/g,
      (_, name: string) => values[name]!,
    );
    const { inputs } = JSON.parse(evaluated) as {
      inputs: { method: string; uri: string; headers: Record<string, string>; body: object };
    };
    const answer = await fetch(inputs.uri, { ...inputs, body: JSON.stringify(inputs.body) });

    expect(evaluated).not.toContain('@{');
    expect(answer.status).toBe(202);
    await answer.body?.cancel();
  });
});

test('every type of event is explained, and the operator’s commands exist', async () => {
  for (const type of eventTypes) expect(guide).toContain(`| \`${type.replace('onboarding.', '')}\` `);
  const commands = getBlock('operator').trim().split('\n');
  expect(commands).toHaveLength(3);
  for (const command of commands) {
    const args = command.replace('npx onboarding ', '').split(' ');
    const { code, stderr } = await runCommandLineInProcess(args, { environment: stack.environment });
    expect({ command, code, stderr }).toMatchObject({ code: command.includes('resend') ? 1 : 0 }); // there are no events yet
    expect(stderr).not.toContain('error:');
  }
});

test('the example event has the signature that the guide shows', () => {
  const { headers, body } = parseRequest('event');
  const [secret] = /whsec_\w+/.exec(guide)!;
  const at = new Date(Number(headers['webhook-timestamp']) * 1000);
  expect(new Webhook(secret).sign(headers['webhook-id']!, at, body)).toBe(headers['webhook-signature']);
  expect(eventTypes).toContain((JSON.parse(body) as { type: string }).type);
});

describe.each(['verify-standardwebhooks', 'verify-hmac'])('the check %s', (name) => {
  const { readEvent } = load(name) as { readEvent: (body: string, headers: object, secret: string) => unknown };
  const body = '{"type":"onboarding.accepted","data":{"companyName":"Müller & Söhne"}}';
  const sign = createSigner([CRM_SECRET]);

  test('accepts what is signed with our key, also among several signatures', () => {
    const other = `whsec_${Buffer.alloc(32, 1).toString('base64')}`;
    expect(readEvent(body, sign('e-1', new Date(), body), CRM_SECRET)).toEqual(JSON.parse(body));
    expect(readEvent(body, createSigner([other, CRM_SECRET])('e-1', new Date(), body), CRM_SECRET)).toBeDefined();
  });

  test('refuses another body, id, key or version, an old timestamp and missing headers', () => {
    const headers = sign('e-1', new Date(), body);
    const refused: [string, object][] = [
      [body.replace('accepted', 'declined'), headers],
      [body, { ...headers, 'webhook-id': 'e-2' }],
      [body, createSigner([`whsec_${Buffer.alloc(32, 1).toString('base64')}`])('e-1', new Date(), body)],
      [body, { ...headers, 'webhook-signature': headers['webhook-signature'].replace('v1,', 'v1a,') }],
      [body, sign('e-1', new Date(Date.now() - 6 * 60_000), body)],
      [body, {}],
    ];
    for (const [text, given] of refused)
      expect(() => readEvent(text, given, CRM_SECRET)).toThrow(/sign|timestamp|header/i);
  });
});

/** Sends one event as a worker does. */
function deliver(callbackUrl: string, secret = CRM_SECRET) {
  const allowedHosts = [{ host: '127.0.0.1', port: Number(new URL(callbackUrl).port) }];
  const event = {
    type: 'onboarding.awaitingAcceptance',
    timestamp: '2026-11-24T10:00:00.000Z',
    version: 1,
    sequence: 1,
    data: {
      status: 'awaitingAcceptance',
      acceptanceUrl: 'https://o.example/accept/t',
      metadata: { hubspotDealId: '42' },
    },
  };
  return createDeliver({ allowedHosts, secrets: [secret], allowPrivate: true })({
    webhookId: 'run-1',
    callbackUrl,
    body: JSON.stringify(event),
  });
}

describe('the receiver', () => {
  let crm: TestServer;
  let folder: string;
  let receiver: ChildProcess;

  beforeEach(async () => {
    crm = await startServer();
    crm.answer((_request, response) => response.writeHead(200).end());
    folder = mkdtempSync(join(tmpdir(), 'crm-guide-'));
  });
  afterEach(async () => {
    receiver.kill();
    await crm.close();
    rmSync(folder, { recursive: true });
  });

  async function start(forwardEvent: string, verify: string): Promise<string> {
    const files = { 'receiver.js': 'receiver', 'forward-event.js': forwardEvent, 'read-event.js': verify };
    for (const [file, name] of Object.entries(files)) writeFileSync(join(folder, file), getBlock(name));
    const port = await reservePort();
    const env = {
      PORT: String(port),
      ONBOARDING_WEBHOOK_SECRET: CRM_SECRET,
      HUBSPOT_API_URL: crm.url,
      HUBSPOT_TOKEN: 'a-hubspot-token',
      FLOW_URL: `${crm.url}/flow?sig=a-secret`,
      NODE_PATH: join(root, 'node_modules'),
    };
    receiver = spawn(process.execPath, [join(folder, 'receiver.js')], { env, stdio: 'inherit' });
    await eventually(() => isListening(port), { what: 'the receiver to listen', timeoutMs: 10_000 });
    return `http://127.0.0.1:${port}/hooks`;
  }

  test('writes the status into HubSpot’s deal, and asks for the event again while HubSpot is down', async () => {
    const url = await start('hubspot-forward-event', 'verify-standardwebhooks');
    expect(await deliver(url)).toEqual({ outcome: 'delivered', status: 204 });
    crm.answer((_request, response) => response.writeHead(500).end());
    expect(await deliver(url)).toMatchObject({ outcome: 'failed', status: 503 });

    expect(crm.requests[0]).toMatchObject({ method: 'PATCH', url: '/crm/v3/objects/deals/42' });
    expect(crm.requests[0]!.headers.authorization).toBe('Bearer a-hubspot-token');
    expect(JSON.parse(crm.requests[0]!.body)).toEqual({
      properties: {
        mca_status: 'awaitingAcceptance',
        mca_last_event: 'onboarding.awaitingAcceptance',
        mca_last_event_at: '2026-11-24T10:00:00.000Z',
        mca_acceptance_url: 'https://o.example/accept/t',
      },
    });
  });

  test('passes a signed event with its id to a flow, and refuses an unsigned one', async () => {
    const url = await start('power-automate-forward-event', 'verify-hmac');
    expect(await deliver(url)).toEqual({ outcome: 'delivered', status: 204 });
    expect(await deliver(url, `whsec_${Buffer.alloc(32, 1).toString('base64')}`)).toMatchObject({ status: 401 });

    expect(crm.requests).toHaveLength(1);
    expect(crm.requests[0]!.url).toBe('/flow?sig=a-secret');
    expect(JSON.parse(crm.requests[0]!.body)).toMatchObject({ id: 'run-1', type: 'onboarding.awaitingAcceptance' });
  });
});

test('the command for a new secret creates one that can sign', () => {
  const [, script] = /`node -p "(.*?)"`/.exec(guide)!;
  const secret = execFileSync(process.execPath, ['-p', script!], { encoding: 'utf8' }).trim();
  expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  expect(sharedVariables.parse({ CRM_CALLBACK_SECRETS: secret }).CRM_CALLBACK_SECRETS).toEqual([secret]);
});
