import { EventEmitter, once } from 'node:events';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { demoCredentials } from '../../../simulator/index';
import { interruption } from '../../../tools/local-stack/interruption';
import { localSecrets } from '../../../tools/local-stack/local-secrets';
import { readStackSettings } from '../../../tools/local-stack/settings';
import {
  callbackEnvironment,
  gatewayEnvironment,
  stackEnvironment,
  withoutRealTargets,
  writeStackFiles,
} from '../../../tools/local-stack/stack-environment';
import { readySummary } from '../../../tools/local-stack/summary';
import { findProjectRoot } from '../../../tools/project-root';
import { temporaryFolder } from '../../support/temporary-folder';

const secrets = { crmCallbackSecrets: 'whsec_A', acceptanceLinkKeys: 'k1:A', gatewayApiKey: 'key' };
const credentials = { tenantId: 'tenant', clientId: 'client', clientSecret: 'secret' };

describe('the settings of the local stack', () => {
  it('are the usual ports until a variable moves one', () => {
    const { ports } = readStackSettings('/checkout', { SIMULATOR_PORT: '4999' });
    const numbers = Object.values(ports).map(({ number }) => number);

    expect(numbers).toEqual([7233, 8233, 4999, 3000, 9090]);
  });

  it('name every variable that is no port', () => {
    const environment = { TEMPORAL_PORT: 'abc', WORKER_HEALTH_PORT: '70000' };

    expect(() => readStackSettings('/checkout', environment)).toThrow(
      'TEMPORAL_PORT is "abc": give a port from 1 to 65535, or unset it for 7233.\n' +
        'WORKER_HEALTH_PORT is "70000": give a port from 1 to 65535, or unset it for 9090.',
    );
  });
});

describe('the environment of the local stack', () => {
  it('points everything at this machine, at the ports chosen', () => {
    const settings = readStackSettings('/checkout', { SIMULATOR_PORT: '4999', TEMPORAL_PORT: '7999' });

    expect(stackEnvironment(settings, credentials)).toMatchObject({
      TEMPORAL_ADDRESS: '127.0.0.1:7999',
      PARTNER_CENTER_BASE_URL: 'http://127.0.0.1:4999',
      PARTNER_CENTER_ACCEPTANCE_URL: 'http://127.0.0.1:4999/mca/',
      ENTRA_TOKEN_ENDPOINT: 'http://127.0.0.1:4999/tenant/oauth2/v2.0/token',
    });
    expect(callbackEnvironment(settings, secrets)).toEqual({
      ACCEPTANCE_LINK_KEYS: 'k1:A',
      CRM_CALLBACK_ALLOWED_HOSTS: '127.0.0.1:4999',
      CRM_CALLBACK_SECRETS: 'whsec_A',
      CRM_CALLBACK_ALLOW_PRIVATE: 'true',
    });
  });

  it('tells the gateway the hash of the key that callers are given', () => {
    const settings = readStackSettings('/checkout', { GATEWAY_PORT: '3999' });

    expect(gatewayEnvironment(settings, secrets)).toEqual({
      GATEWAY_PORT: '3999',
      GATEWAY_PUBLIC_URL: 'http://127.0.0.1:3999',
      GATEWAY_API_KEYS: 'local:2c70e12b7a0646f92279f427c7b38e7334d8e5389cff167a1dc30e73f826b683',
      GATEWAY_API_KEY: 'key',
    });
  });

  it('keeps out what the shell says of a real cluster or partner', () => {
    const shell = {
      TEMPORAL_API_KEY: 'k',
      PARTNER_CENTER_CLIENT_CERTIFICATE_PATH: 'c',
      CRM_CALLBACK_SECRETS: 's',
      GATEWAY_API_KEYS: 'g',
      PATH: '/bin',
      LOG_LEVEL: 'debug',
    };

    expect(withoutRealTargets(shell)).toEqual({ PATH: '/bin', LOG_LEVEL: 'debug' });
  });

  it('is written so that only its owner can read it', async () => {
    const root = temporaryFolder('onboarding-env-');
    const settings = readStackSettings(root, {});
    await writeStackFiles(settings, { A: '1', B: 'two' });

    const path = join(root, '.local', 'stack.env');
    expect(readFileSync(path, 'utf8')).toBe('A=1\nB=two\n');
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });
});

describe('the secrets of the local stack', () => {
  it('are made once, kept over a restart, and readable by their owner alone', async () => {
    const folder = temporaryFolder('onboarding-secrets-');
    const first = await localSecrets(folder);

    expect(first.crmCallbackSecrets).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(await localSecrets(folder)).toEqual(first);
    expect(statSync(join(folder, 'secrets.json')).mode & 0o777).toBe(0o600);
  });
});

describe('the environment of the containers', () => {
  it('holds the credentials that the simulator takes', () => {
    const file = readFileSync(join(findProjectRoot(), 'ops', 'simulator.env'), 'utf8');
    const { tenantId, clientId, clientSecret } = demoCredentials;

    expect(file).toContain(`PARTNER_CENTER_TENANT_ID=${tenantId}\n`);
    expect(file).toContain(`PARTNER_CENTER_CLIENT_ID=${clientId}\n`);
    expect(file).toContain(`PARTNER_CENTER_CLIENT_SECRET=${clientSecret}\n`);
    expect(file).toContain(`ENTRA_TOKEN_ENDPOINT=http://simulator:4010/${tenantId}/oauth2/v2.0/token\n`);
  });
});

describe('the summary', () => {
  it('has the commands find a Temporal server that was moved', () => {
    const usual = readySummary(readStackSettings('/checkout', {}), 'D-1');
    const moved = readySummary(readStackSettings('/checkout', { TEMPORAL_PORT: '7999' }), 'D-1');

    expect(usual).toContain('npm run cli -- accept D-1');
    expect(moved).toContain('npm run cli -- --env-file .local/stack.env accept D-1');
  });
});

describe('an interruption', () => {
  it('ends in order at the first Ctrl-C and kills at a second one, not at an echo of the first', async () => {
    jest.useFakeTimers();
    const terminal = new EventEmitter();
    const calls: string[] = [];
    const stopping = new EventEmitter();
    const interrupted = interruption(terminal, {
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
