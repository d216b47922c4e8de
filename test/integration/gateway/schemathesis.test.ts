/** Schemathesis sends valid and invalid calls to a gateway process and checks the answers against its description. */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { customerAcceptedSignal, declineUpdate } from '../../../src/workflows/messages';
import type { OnboardingStatus } from '../../../src/onboarding/view';
import { attestedRequest } from '../../support/requests';
import { schemathesis } from '../../support/schemathesis';
import { type Handle, TestStack } from '../../support/test-stack';
import type { StartedProcess } from '../../support/built-process';
import { keys } from '../../support/test-gateway';

const RUN_WITHIN_MS = 180_000; // about 25 s on two idle cores

let command: string[];
let stack: TestStack;
let gateway: StartedProcess;
let url: string;
let folder: string;

beforeAll(async () => {
  command = await schemathesis();
  folder = mkdtempSync(join(tmpdir(), 'agreement-onboarding-schemathesis-'));
  stack = await TestStack.start({ server: 'dev', worker: true });
  gateway = await stack.startGatewayProcess({
    GATEWAY_REQUESTS_PER_MINUTE: '1000000',
    CRM_CALLBACK_ALLOWED_HOSTS: 'crm.example.com',
    CRM_CALLBACK_SECRETS: `whsec_${randomBytes(32).toString('base64')}`,
  });
  url = gateway.url;
}, 300_000);
afterAll(async () => {
  await stack?.close();
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
});

async function start(dealId: string, status: OnboardingStatus): Promise<Handle> {
  const handle = await stack.startOnboarding(attestedRequest({ dealId }));
  await stack.untilStatus(handle, status);
  return handle;
}

/** Deals in every state that matters, under ids that the generator is given, because it would not find them by chance. */
async function startDeals(): Promise<void> {
  const created = await start('created', 'awaitingAcceptance');
  await stack.control.accept();
  await created.signal(customerAcceptedSignal);
  await created.result();
  for (const number of [1, 2, 3, 4]) {
    for (const kind of ['open', 'cancel', 'decline']) await start(`${kind}-${number}`, 'awaitingAcceptance');
    const declined = await start(`declined-${number}`, 'awaitingAcceptance');
    await declined.executeUpdate(declineUpdate, { args: [{ code: 'other' }] });
    await declined.result();
    await stack.control.faults({ on: 'createAttestation', times: 1, status: 403 });
    await start(`attention-${number}`, 'needsAttention');
  }
}

/** A cursor from an answer of the list. */
async function nextCursor(): Promise<string> {
  const headers = { authorization: `Bearer ${keys.crm}` };
  const listed = await fetch(`${url}/v1/onboardings?pageSize=1`, { headers });
  return ((await listed.json()) as { nextCursor: string }).nextCursor;
}

function run(args: readonly string[]): Promise<{ code: number; output: string }> {
  const [program = '', ...rest] = command;
  const options = {
    cwd: folder,
    env: { ...process.env, API_KEY: keys.crm, NO_PROXY: '127.0.0.1' },
    maxBuffer: 1e8,
    timeout: RUN_WITHIN_MS,
  };
  return new Promise((resolve) => {
    execFile(program, [...rest, ...args], options, (error, output) => {
      resolve({ code: error === null ? 0 : Number(error.code ?? -1), output });
    });
  });
}

test('every answer matches the description, and none is an internal error', async () => {
  await startDeals();
  const configured = join(folder, 'schemathesis.toml');
  const template = readFileSync(join(__dirname, 'schemathesis.toml'), 'utf8');
  writeFileSync(configured, template.replace('["CURSOR"]', JSON.stringify([await nextCursor()])));

  const { code, output } = await run(['--config-file', configured, '--no-color', 'run', `${url}/openapi.json`]);
  if (code !== 0) throw new Error(`Schemathesis ended with ${code}:\n${output}`);
  for (const { level, message } of gateway.log()) {
    expect(level).not.toBe('error');
    expect(message).not.toContain('Temporal did not answer');
  }

  // Each operation has succeeded at least once, so not every call met an id that does not exist.
  const metrics = await (await fetch(`${url}/metrics`)).text();
  const served = metrics.matchAll(/_count\{method="(\w+)",route="(\/v1[^"]*)",status="(20\d)"\}/g);
  expect([...served].map(([, method, route, status]) => `${method} ${route} ${status}`).toSorted()).toEqual(
    expect.arrayContaining([
      'GET /v1/onboardings 200',
      'GET /v1/onboardings/:id 200',
      'POST /v1/onboardings 200',
      'POST /v1/onboardings 202',
      'POST /v1/onboardings/:id/acceptance 200',
      'POST /v1/onboardings/:id/cancel 202',
      'POST /v1/onboardings/:id/decline 200',
      'POST /v1/onboardings/:id/frame 200',
      'POST /v1/onboardings/:id/link 200',
      'POST /v1/onboardings/:id/restart 202',
      'POST /v1/onboardings/:id/retry 202',
    ]),
  );
}, 240_000);
