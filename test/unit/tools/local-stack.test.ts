import { EventEmitter, once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { demoCredentials } from '../../../simulator/index';
import {
  announceStack,
  composeEnvironment,
  getCallbackEnvironment,
  getIgnoredVariables,
  getStackEnvironment,
  withdrawStack,
  withoutProductVariables,
  writeEnvironmentFiles,
} from '../../../tools/local-stack/environment';
import { createPrivateFolder, readOrCreateSecrets, readStackSettings } from '../../../tools/local-stack/settings';
import { waitForInterruption } from '../../../tools/local-stack/shutdown';
import { formatSummary } from '../../../tools/local-stack/start';
import { getProductFolder } from '../../../src/process/version';
import { temporaryFolder } from '../../support/temporary-folder';

const secrets = { crmCallbackSecrets: 'whsec_A', acceptanceLinkKeys: 'k1:A', gatewayApiKey: 'key' };
const getMode = (path: string) => statSync(path).mode & 0o777;

describe('the settings of the local stack', () => {
  it('use the default ports except those that a variable changes', () => {
    const { ports } = readStackSettings('/checkout', { SIMULATOR_PORT: '4999' });

    expect(Object.values(ports)).toEqual([7233, 8233, 4999, 3000, 9090]);
  });
});

describe('the environment of the local stack', () => {
  it('points to this machine and the chosen ports', () => {
    const settings = readStackSettings('/checkout', { SIMULATOR_PORT: '4999', TEMPORAL_PORT: '7999' });

    expect(getStackEnvironment(settings)).toMatchObject({
      TEMPORAL_ADDRESS: '127.0.0.1:7999',
      PARTNER_CENTER_BASE_URL: 'http://127.0.0.1:4999',
      PARTNER_CENTER_ACCEPTANCE_URL: 'http://127.0.0.1:4999/mca/',
      ENTRA_TOKEN_ENDPOINT: `http://127.0.0.1:4999/${demoCredentials.tenantId}/oauth2/v2.0/token`,
    });
    expect(getCallbackEnvironment(settings, secrets)).toEqual({
      ACCEPTANCE_LINK_KEYS: 'k1:A',
      CRM_CALLBACK_ALLOWED_HOSTS: '127.0.0.1:4999',
      CRM_CALLBACK_SECRETS: 'whsec_A',
      CRM_CALLBACK_ALLOW_PRIVATE: 'true',
      SIMULATOR_CRM_SECRET: 'whsec_A',
    });
  });

  it("adds the user's own callback hosts, secrets and keys to those of the stack", () => {
    const settings = readStackSettings('/checkout', {});
    const given = {
      CRM_CALLBACK_ALLOWED_HOSTS: 'crm.example:8443',
      CRM_CALLBACK_SECRETS: 'whsec_B',
      ACCEPTANCE_LINK_KEYS: 'k2:B',
      GATEWAY_API_KEYS: 'mine:abc',
    };

    expect(composeEnvironment(settings, secrets, given)).toMatchObject({
      GATEWAY_API_KEYS: expect.stringMatching(/^local:\w{64},mine:abc$/) as string,
      CRM_CALLBACK_ALLOWED_HOSTS: '127.0.0.1:4010,crm.example:8443',
      CRM_CALLBACK_SECRETS: 'whsec_A,whsec_B',
      SIMULATOR_CRM_SECRET: 'whsec_A',
      ACCEPTANCE_LINK_KEYS: 'k2:B,k1:A',
    });
  });

  it('gives the gateway the hash of the key that callers use', () => {
    const settings = readStackSettings('/checkout', { GATEWAY_PORT: '3999' });

    expect(composeEnvironment(settings, secrets, {})).toMatchObject({
      GATEWAY_PORT: '3999',
      GATEWAY_PUBLIC_URL: 'http://127.0.0.1:3999',
      GATEWAY_API_KEYS: 'local:2c70e12b7a0646f92279f427c7b38e7334d8e5389cff167a1dc30e73f826b683',
      GATEWAY_API_KEY: 'key',
    });
  });

  it('uses every documented variable except those of the real Partner Center, Entra and Temporal, which it reports as ignored', () => {
    const documented = parseEnv(readFileSync(join(getProductFolder(), '.env.example'), 'utf8'));
    const given = Object.fromEntries(Object.keys(documented).map((name) => [name, `given-${name}`]));
    const settings = readStackSettings('/checkout', {});
    const environment = composeEnvironment(settings, secrets, given);
    const ofParts: NodeJS.ProcessEnv = { ...withoutProductVariables(given), ...environment };
    const unused = Object.keys(given).filter((name) => !ofParts[name]?.includes(`given-${name}`));

    const ignored = [
      'CRM_CALLBACK_ALLOW_PRIVATE', // always true: the simulator's address is private
      'ENTRA_TOKEN_ENDPOINT',
      'PARTNER_CENTER_ACCEPTANCE_URL',
      'PARTNER_CENTER_BASE_URL',
      'PARTNER_CENTER_CLIENT_CERTIFICATE_PATH',
      'PARTNER_CENTER_CLIENT_ID',
      'PARTNER_CENTER_CLIENT_SECRET',
      'PARTNER_CENTER_TENANT_ID',
      'TEMPORAL_ADDRESS',
      'TEMPORAL_NAMESPACE',
    ];
    expect(unused.toSorted()).toEqual([...ignored, 'GATEWAY_PORT'].toSorted()); // GATEWAY_PORT is read with the settings
    expect(getIgnoredVariables({ ...given, TEMPORAL_API_KEY: 'k', TEMPORAL_CLI_PATH: 'p' }, environment)).toEqual(
      [...ignored, 'TEMPORAL_API_KEY'].toSorted(),
    );
  });

  it('does not pass variables of a real cluster or partner on to the processes of the stack', () => {
    const shell = {
      TEMPORAL_API_KEY: 'k',
      PARTNER_CENTER_CLIENT_CERTIFICATE_PATH: 'c',
      CRM_CALLBACK_SECRETS: 's',
      GATEWAY_API_KEYS: 'g',
      PATH: '/bin',
      LOG_LEVEL: 'debug',
    };

    expect(withoutProductVariables(shell)).toEqual({ PATH: '/bin', LOG_LEVEL: 'debug' });
  });

  it('is written to files that only their owner can read', async () => {
    const settings = readStackSettings(temporaryFolder('onboarding-env-'), {});
    mkdirSync(settings.stateFolder, { mode: 0o755 });
    const path = join(settings.stateFolder, 'stack.env');
    writeFileSync(path, '', { mode: 0o644 });
    await writeEnvironmentFiles(settings, { A: '1', B: 'two' });

    expect(readFileSync(path, 'utf8')).toBe('A=1\nB=two\n');
    expect(getMode(path)).toBe(0o600);
    expect(getMode(settings.stateFolder)).toBe(0o700);
  });

  it('is announced with the process id while the stack runs', async () => {
    const stateFolder = temporaryFolder('onboarding-env-');
    await announceStack({ stateFolder }, { TEMPORAL_ADDRESS: '127.0.0.1:7999' });

    const path = join(stateFolder, 'stack.json');
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({
      pid: process.pid,
      environment: { TEMPORAL_ADDRESS: '127.0.0.1:7999' },
    });
    expect(getMode(path)).toBe(0o600);
    await withdrawStack({ stateFolder });
    expect(existsSync(path)).toBe(false);
  });
});

describe('the state folder', () => {
  it('can be read only by its owner, even if it existed before', async () => {
    const folder = temporaryFolder('onboarding-state-');
    chmodSync(folder, 0o755);
    await createPrivateFolder(folder);

    expect(getMode(folder)).toBe(0o700);
  });

  it('holds secrets that are created once, survive a restart, and can be read only by their owner', async () => {
    const folder = temporaryFolder('onboarding-secrets-');
    const first = await readOrCreateSecrets(folder);

    expect(first.crmCallbackSecrets).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(await readOrCreateSecrets(folder)).toEqual(first);
    expect(getMode(join(folder, 'secrets.json'))).toBe(0o600);
  });
});

describe('the environment of the containers', () => {
  it('contains the credentials that the simulator accepts', () => {
    const file = readFileSync(join(getProductFolder(), 'ops', 'simulator.env'), 'utf8');
    const { tenantId, clientId, clientSecret } = demoCredentials;

    expect(file).toContain(`PARTNER_CENTER_TENANT_ID=${tenantId}\n`);
    expect(file).toContain(`PARTNER_CENTER_CLIENT_ID=${clientId}\n`);
    expect(file).toContain(`PARTNER_CENTER_CLIENT_SECRET=${clientSecret}\n`);
    expect(file).toContain(`ENTRA_TOKEN_ENDPOINT=http://simulator:4010/${tenantId}/oauth2/v2.0/token\n`);
  });
});

describe('the summary', () => {
  it('has commands for the addresses and the deal of this start', () => {
    const summary = formatSummary(readStackSettings('/checkout', { GATEWAY_PORT: '3999' }), 'D-20260102-030405');

    expect(summary).toContain('curl -sS http://127.0.0.1:3999/v1/onboardings');
    expect(summary).toContain('accept D-20260102-030405');
    expect(summary).toContain('status D-20260102-030405');
  });
});

describe('an interruption', () => {
  it('stops gracefully at the first Ctrl-C and kills at the second, but not when npm forwards the first', async () => {
    jest.useFakeTimers();
    const terminal = new EventEmitter();
    const calls: string[] = [];
    const stopping = new EventEmitter();
    const interrupted = waitForInterruption(terminal, {
      onFirst: async () => {
        calls.push('end');
        await once(stopping, 'ended');
      },
      onSecond: () => calls.push('kill'),
    });

    terminal.emit('SIGINT');
    terminal.emit('SIGINT');
    expect(calls).toEqual(['end']);
    jest.advanceTimersByTime(1000);
    terminal.emit('SIGINT');
    expect(calls).toEqual(['end', 'kill']);

    stopping.emit('ended');
    await interrupted;
    jest.useRealTimers();
  });
});
