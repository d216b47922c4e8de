'use strict';
// `npm run build [-- --copy-to FOLDER]`. Builds into a folder beside `lib` and then swaps the two, so that `lib` is always
// one whole build, and files without a source disappear. `--copy-to` also puts the build where no later one replaces it.
const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const ROOT = path.join(__dirname, '..');
const LIB = path.join(ROOT, 'lib');
const BUILDING = path.join(ROOT, `lib-building-${process.pid}`);
const REPLACED = path.join(ROOT, `lib-replaced-${process.pid}`);

function build(copyTo) {
  const builtAt = new Date().toISOString(); // before the compiler reads: a later change makes the build old
  removeFoldersOfEndedBuilds();
  const compiler = path.join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
  const compiled = path.join(BUILDING, 'tools');
  runNode(compiler, ['-p', 'tsconfig.build.json', '--outDir', BUILDING], ROOT);
  runNode(path.join(compiled, 'bundle-page.js'), [], ROOT);
  runNode(path.join(compiled, 'bundle-workflows.js'), [BUILDING, LIB], BUILDING); // file names in it are relative to there
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

/** Another build may swap at the same time: whichever comes last stays. */
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
