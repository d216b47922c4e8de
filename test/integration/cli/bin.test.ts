/** The committed program that starts the built command line, with a build made up for the test. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../../support/temporary-folder';

const BUILT_AT = '2026-11-24T10:00:00.000Z';
const BEFORE = new Date('2026-11-24T09:59:59Z');
const AFTER = new Date('2026-11-24T10:00:01Z');

let root: string;

beforeEach(() => {
  root = temporaryFolder('bin-');
  mkdirSync(join(root, 'bin'));
  copyFileSync(join(__dirname, '../../../bin/onboarding.js'), join(root, 'bin/onboarding.js'));
  write('package.json', '{}', BEFORE);
});

function write(path: string, text: string, changedAt = AFTER): void {
  mkdirSync(join(root, path, '..'), { recursive: true });
  writeFileSync(join(root, path), text);
  utimesSync(join(root, path), changedAt, changedAt);
}

function build(): void {
  write('lib/src/cli.js', "console.log(process.argv.slice(2).join(' ')); process.exitCode = 3;");
  write('lib/build.json', JSON.stringify({ builtAt: BUILT_AT }));
}

function run(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'bin/onboarding.js'), ...args], {
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

test('the build gets the arguments, and its output and exit code are those of the command', () => {
  build();
  write('src/cli.ts', '', BEFORE);

  expect(run('status', 'D-1')).toEqual({ status: 3, stdout: 'status D-1\n', stderr: '' });
});

test('without a complete build it says what to run and exits with its own exit code', () => {
  write('lib/src/cli.js', '');
  const { status, stdout, stderr } = run('status', 'D-1');

  expect({ status, stdout }).toEqual({ status: 4, stdout: '' });
  expect(stderr).toMatch(/^The command line is not built yet: run `npm run build` in .+\.\n$/);
});

test.each(['src/client/start.ts', 'package.json'])(
  'a build older than %s is used, with one line of warning',
  (path) => {
    build();
    write('src/cli.ts', '', BEFORE);
    write(path, '{}');

    expect(run('list')).toEqual({
      status: 3,
      stdout: 'list\n',
      stderr: 'The sources are newer than this build: run `npm run build` to use them.\n',
    });
  },
);

test('an installation without sources is never out of date', () => {
  build();
  write('package.json', '{}');

  expect(run('list')).toMatchObject({ stdout: 'list\n', stderr: '' });
});
