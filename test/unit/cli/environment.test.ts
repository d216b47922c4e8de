import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { completeEnvironment } from '../../../src/cli/environment';
import { temporaryFolder } from '../../support/temporary-folder';

type Environment = Record<string, string | undefined>;

let folder: string;

beforeEach(() => (folder = temporaryFolder('cli-environment-')));

function writeStack(pid: number, environment: Environment = { TEMPORAL_ADDRESS: '127.0.0.1:17233', A: 'stack' }): void {
  mkdirSync(join(folder, '.local'), { recursive: true });
  writeFileSync(join(folder, '.local', 'stack.json'), JSON.stringify({ pid, environment }));
}

describe('an env file', () => {
  test('does not replace variables that are set already, even if they are empty', () => {
    writeFileSync(join(folder, 'stack.env'), 'A=file\nB=file\nC="with space"\n');
    const environment: Environment = { A: 'set', B: '' };

    completeEnvironment(environment, folder, { envFile: 'stack.env' });

    expect(environment).toEqual({ A: 'set', B: '', C: 'with space' });
  });

  test('is .env of the working directory by default, which may be missing', () => {
    const environment: Environment = {};
    completeEnvironment(environment, folder, {});
    expect(environment).toEqual({});

    writeFileSync(join(folder, '.env'), 'A=file\n');
    completeEnvironment(environment, folder, {});
    expect(environment).toEqual({ A: 'file' });
  });

  test('must exist if it is named', () => {
    expect(() => completeEnvironment({}, folder, { envFile: 'absent.env' })).toThrow(
      'absent.env cannot be read (ENOENT)',
    );
  });
});

describe('the address of Temporal', () => {
  beforeEach(() => {
    writeStack(process.pid);
  });

  test('comes from the local stack of the folder if nothing else names it, with the other variables of the stack', () => {
    const environment: Environment = { TEMPORAL_TASK_QUEUE: 'mine' };

    expect(completeEnvironment(environment, folder, {})).toBe('local stack of this folder');
    expect(environment).toEqual({ TEMPORAL_TASK_QUEUE: 'mine', TEMPORAL_ADDRESS: '127.0.0.1:17233', A: 'stack' });
  });

  test('comes from the local stack also with another namespace', () => {
    const environment: Environment = {};

    expect(completeEnvironment(environment, folder, { namespace: 'other' })).toBe('local stack of this folder');
    expect(environment).toMatchObject({ TEMPORAL_ADDRESS: '127.0.0.1:17233', TEMPORAL_NAMESPACE: 'other' });
  });

  test.each([
    ['--address', {}, { address: 'a:1' }, '--address', 'a:1'],
    ['--address, not the environment', { TEMPORAL_ADDRESS: 'b:2' }, { address: 'a:1' }, '--address', 'a:1'],
    ['the environment', { TEMPORAL_ADDRESS: 'b:2' }, {}, 'environment', 'b:2'],
    ['the named env file', {}, { envFile: 'real.env' }, 'real.env', 'c:3'],
    ['the environment, not the env file', { TEMPORAL_ADDRESS: 'b:2' }, { envFile: 'real.env' }, 'environment', 'b:2'],
  ])('comes from %s before the local stack', (_case, environment: Environment, options, source, address) => {
    writeFileSync(join(folder, 'real.env'), 'TEMPORAL_ADDRESS=c:3\n');

    expect(completeEnvironment(environment, folder, options)).toBe(source);
    expect(environment['TEMPORAL_ADDRESS']).toBe(address);
    expect(environment['A']).toBeUndefined();
  });

  test.each(['TEMPORAL_PROFILE', 'TEMPORAL_API_KEY', 'TEMPORAL_NAMESPACE', 'TEMPORAL_CONFIG_FILE'])(
    'does not come from the local stack if %s is set: that names another server',
    (name) => {
      expect(completeEnvironment({ [name]: 'real' }, folder, {})).toBeUndefined();
    },
  );

  test('does not come from the local stack if there is a .env, even one that does not name Temporal', () => {
    writeFileSync(join(folder, '.env'), 'LOG_LEVEL=debug\n');

    expect(completeEnvironment({}, folder, {})).toBeUndefined();
  });

  test('does not come from a stack whose process has ended', () => {
    writeStack(spawnSync(process.execPath, ['-e', '']).pid);

    expect(completeEnvironment({}, folder, {})).toBeUndefined();
  });

  test.each(['{"pid": 1', '{"pid": "1", "environment": {}}', 'null', '{"pid": -1, "environment": {}}'])(
    'does not come from a stack file that holds %s',
    (text) => {
      writeFileSync(join(folder, '.local', 'stack.json'), text);

      expect(completeEnvironment({}, folder, {})).toBeUndefined();
    },
  );
});
