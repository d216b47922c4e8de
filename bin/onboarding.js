#!/usr/bin/env node
/** Runs the last build of the command line. It never compiles, and its own messages go to stderr, so that stdout can be parsed. */
'use strict';

const { existsSync, readdirSync, readFileSync, statSync } = require('node:fs');
const { enableCompileCache } = require('node:module');
const path = require('node:path');

const NOT_BUILT = 4; // exit code, documented in `onboarding --help`

const root = path.join(__dirname, '..');
const stamp = path.join(root, 'lib', 'build.json'); // written at the end of a build; holds the time at which the build began

if (!existsSync(stamp)) {
  console.error(`The command line is not built yet: run \`npm run build\` in ${root}.`);
  process.exit(NOT_BUILT);
}
const builtAt = Date.parse(JSON.parse(readFileSync(stamp, 'utf8')).builtAt);
const sources = path.join(root, 'src');
if (existsSync(sources) && (isNewer(path.join(root, 'package.json'), builtAt) || isNewer(sources, builtAt))) {
  console.error('The sources are newer than this build: run `npm run build` to use them.');
}
// Node 22 and later cache compiled code. Not in the default temporary folder, because other users can write to it.
enableCompileCache?.(path.join(root, 'node_modules', '.cache', 'onboarding'));
require(path.join(root, 'lib', 'src', 'cli.js'));

/** Whether a file, or any file in a folder, is newer than a time. */
function isNewer(file, time) {
  const stats = statSync(file);
  if (!stats.isDirectory()) return stats.mtimeMs > time;
  return readdirSync(file).some((name) => isNewer(path.join(file, name), time));
}
