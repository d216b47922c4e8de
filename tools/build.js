'use strict';
// `npm run build [-- --copy-to FOLDER]`. Builds into a temporary folder and then swaps it with `lib`, so that `lib` is always
// a complete build without files of deleted sources. `--copy-to` also copies the build to a folder that no later build replaces.
const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const ROOT = path.join(__dirname, '..');
const LIB = path.join(ROOT, 'lib');
const BUILDING = path.join(ROOT, `lib-building-${process.pid}`);
const REPLACED = path.join(ROOT, `lib-replaced-${process.pid}`);

function build(copyTo) {
  const builtAt = new Date().toISOString(); // before compiling, so that a source changed meanwhile counts as newer
  removeFoldersOfEndedBuilds();
  const compiler = path.join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
  const compiled = path.join(BUILDING, 'tools');
  runNode(compiler, ['-p', 'tsconfig.build.json', '--outDir', BUILDING], ROOT);
  runNode(path.join(compiled, 'bundle-page.js'), [], ROOT);
  runNode(path.join(compiled, 'bundle-workflows.js'), [BUILDING, LIB], BUILDING); // the bundle contains file names relative to cwd
  fs.writeFileSync(path.join(BUILDING, 'build.json'), `${JSON.stringify({ builtAt })}\n`);
  if (copyTo) fs.cpSync(BUILDING, copyTo, { recursive: true });
  swap();
}

function runNode(program, args, cwd) {
  const { status } = spawnSync(process.execPath, ['--enable-source-maps', program, ...args], { cwd, stdio: 'inherit' });
  if (status !== 0) {
    fs.rmSync(BUILDING, { recursive: true, force: true });
    process.exit(status || 1);
  }
}

/** Another build may swap at the same time; the last one wins. */
function swap() {
  for (;;) {
    try {
      fs.renameSync(LIB, REPLACED);
    } catch (error) {
      if (error.code !== 'ENOENT') throw error;
    }
    try {
      fs.renameSync(BUILDING, LIB);
      break;
    } catch (error) {
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
      fs.rmSync(REPLACED, { recursive: true, force: true });
    }
  }
  fs.rmSync(REPLACED, { recursive: true, force: true });
}

function removeFoldersOfEndedBuilds() {
  for (const name of fs.readdirSync(ROOT)) {
    const pid = /^lib-(?:building|replaced)-(\d+)$/.exec(name)?.[1];
    if (pid && !isAlive(Number(pid))) fs.rmSync(path.join(ROOT, name), { recursive: true, force: true });
  }
}

function isAlive(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
}

const [option, folder] = process.argv.slice(2);
if (option !== undefined && (option !== '--copy-to' || folder === undefined)) {
  console.error('Usage: node tools/build.js [--copy-to FOLDER]');
  process.exit(2);
}
build(folder);
