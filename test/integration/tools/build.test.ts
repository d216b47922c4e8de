import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { getProductFolder } from '../../../src/process/version';
import { temporaryFolder } from '../../support/temporary-folder';

/** A fake compiler that copies the folders `src` and `tools` to `--outDir`, unless a source is broken. */
const COMPILER = `
const { cpSync, readFileSync } = require('node:fs');
const output = process.argv[process.argv.indexOf('--outDir') + 1];
if (readFileSync('src/one.js', 'utf8').includes('broken')) process.exit(2);
for (const folder of ['src', 'tools']) cpSync(folder, output + '/' + folder, { recursive: true });`;

let root: string;

function write(file: string, content: string): void {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), content);
}

function build(...args: string[]): number | null {
  return spawnSync(process.execPath, [join(root, 'tools', 'build.js'), ...args], { encoding: 'utf8' }).status;
}

const read = (file: string) => readFileSync(join(root, file), 'utf8');

beforeEach(() => {
  root = temporaryFolder('onboarding-build-');
  mkdirSync(join(root, 'tools'));
  cpSync(join(getProductFolder(), 'tools', 'build.js'), join(root, 'tools', 'build.js'));
  write('node_modules/typescript/bin/tsc', COMPILER);
  write('tools/bundle-page.js', '');
  write('tools/bundle-workflows.js', '');
  write('src/one.js', 'first');
});

describe('the build', () => {
  it('replaces lib, so that it has no files of deleted sources', () => {
    write('src/two.js', 'second');
    expect(build()).toBe(0);
    expect(existsSync(join(root, 'lib/src/two.js'))).toBe(true);

    rmSync(join(root, 'src/two.js'));
    expect(build()).toBe(0);
    expect(readdirSync(join(root, 'lib/src'))).toEqual(['one.js']);
    expect(readdirSync(root).toSorted()).toEqual(['lib', 'node_modules', 'src', 'tools']);
  });

  it('records when it began, so that later changes of sources can be detected', () => {
    const before = Date.now();
    build();
    const { builtAt } = JSON.parse(read('lib/build.json')) as { builtAt: string };

    expect(Date.parse(builtAt)).toBeGreaterThanOrEqual(before);
    expect(Date.parse(builtAt)).toBeLessThanOrEqual(Date.now());
  });

  it('keeps the last build when the sources do not compile', () => {
    build();
    write('src/one.js', 'broken');

    expect(build()).toBe(2);
    expect(read('lib/src/one.js')).toBe('first');
    expect(readdirSync(root).toSorted()).toEqual(['lib', 'node_modules', 'src', 'tools']);
  });

  it('does not change the copy of a running stack', () => {
    expect(build('--copy-to', join(root, 'running'))).toBe(0);
    write('src/one.js', 'changed');
    build();

    expect(read('lib/src/one.js')).toBe('changed');
    expect(read('running/src/one.js')).toBe('first');
  });

  it('removes the files of a build that was killed', () => {
    const ended = spawnSync(process.execPath, ['-e', '']).pid;
    write(`lib-building-${ended}/src/one.js`, 'unfinished');
    build();

    expect(readdirSync(root).toSorted()).toEqual(['lib', 'node_modules', 'src', 'tools']);
  });
});
