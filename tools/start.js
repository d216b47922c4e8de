'use strict';
// `npm start`. Plain JavaScript that old versions of Node can parse, so that it can report which version is needed. Checks
// all preconditions, builds, and then runs the stack from a copy of the build.
const { spawnSync } = require('child_process');
const fs = require('fs');
const net = require('net');
const path = require('path');
const ports = require('./local-stack/ports.json');

const ROOT = path.join(__dirname, '..');
const STATE_FOLDER = path.join(ROOT, '.local');
const ADDRESS_VARIABLES = {
  WORKER_HEALTH_ADDRESS: "worker's health check",
  METRICS_ADDRESS: "worker's metrics",
  GATEWAY_METRICS_ADDRESS: "gateway's metrics",
};

const HELP = `Usage: npm start -- [--verbose]

Starts the whole product on this machine: Temporal's dev server with its UI, the Partner Center simulator, the worker and
the gateway. Ctrl-C stops everything; a second Ctrl-C kills the processes. Data is kept in .local.

  --verbose   also print the logs of the processes
  --help      print this text

Ports on 127.0.0.1, each set by its variable:
${Object.keys(ports)
  .map((name) => `  ${ports[name].variable.padEnd(20)} ${String(ports[name].default).padEnd(6)} ${ports[name].usedBy}`)
  .join('\n')}

Variables come from the environment and from .env. Those of .env.example are passed to worker and gateway, except the ones
that name the real Partner Center, Entra or another Temporal.`;

async function main(args) {
  checkNodeVersion();
  const unknown = args.find((argument) => ['--verbose', '--help', '-h'].indexOf(argument) < 0);
  if (unknown) throw new Error(`Unknown argument "${unknown}".\n\n${HELP}`);
  if (args.indexOf('--help') >= 0 || args.indexOf('-h') >= 0) {
    console.log(HELP);
    return;
  }
  fs.mkdirSync(STATE_FOLDER, { recursive: true });
  fs.chmodSync(STATE_FOLDER, 0o700);
  takeLock(path.join(STATE_FOLDER, 'start.lock')); // before the check of the ports, which another copy would occupy
  const environment = readEnvironment();
  await checkPorts(environment);

  removeCopiesOfEndedStacks();
  const copy = path.join(STATE_FOLDER, `run-${process.pid}`);
  process.on('exit', () => fs.rmSync(copy, { recursive: true, force: true }));
  const libFolder = path.join(copy, 'lib');
  console.log('Building');
  const build = spawnSync(process.execPath, [path.join(__dirname, 'build.js'), '--copy-to', libFolder], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (build.status !== 0) throw new Error('The build failed.');
  const { runLocalStack } = require(path.join(libFolder, 'tools', 'local-stack', 'start.js'));
  await runLocalStack({ root: ROOT, libFolder, environment, verbose: args.indexOf('--verbose') >= 0 });
}

/** Throws a one-line error if this Node is older than `engines` in package.json requires. */
function checkNodeVersion() {
  const needed = /\d+\.\d+/.exec(require('../package.json').engines.node)[0];
  const [major, minor] = process.versions.node.split('.').map(Number);
  const [neededMajor, neededMinor] = needed.split('.').map(Number);
  if (major > neededMajor || (major === neededMajor && minor >= neededMinor)) return;
  throw new Error(`Node ${needed} or later is needed, and this is ${process.versions.node}: install a newer Node.`);
}

/**
 * Creates a lock file with this process's id and removes it at exit. Throws if another copy holds the lock. A file with a
 * process id, unlike a lock that is refreshed by a timer, names its holder and is free as soon as the holder has ended.
 */
function takeLock(file) {
  const own = `${file}-${process.pid}`;
  fs.writeFileSync(own, String(process.pid), { mode: 0o600 });
  try {
    for (;;) {
      try {
        fs.linkSync(own, file); // atomic, unlike writing the file
        break;
      } catch (error) {
        if (error.code !== 'EEXIST') throw error;
      }
      const holder = readPid(file);
      if (holder !== undefined && isStart(holder)) {
        throw new Error(
          `Another copy is running in this folder, with process id ${holder}: stop it with Ctrl-C in its terminal or with ` +
            `\`kill ${holder}\`, or start this one in another checkout, with other ports.`,
        );
      }
      fs.rmSync(file, { force: true });
    }
  } finally {
    fs.rmSync(own, { force: true });
  }
  process.on('exit', () => {
    if (readPid(file) === process.pid) fs.rmSync(file, { force: true });
  });
}

function readPid(file) {
  try {
    return Number(fs.readFileSync(file, 'utf8')) || undefined;
  } catch {
    return undefined; // the lock was released in the meantime
  }
}

/** Whether the process is `npm start` and not another program to which the system has given the same id since. */
function isStart(pid) {
  if (!isAlive(pid)) return false;
  const { status, stdout } = spawnSync('ps', ['-o', 'args=', '-p', String(pid)], { encoding: 'utf8' });
  return status !== 0 || stdout.indexOf(path.join('tools', 'start.js')) >= 0; // without `ps`, assume that it is
}

function isAlive(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM'; // another user's
  }
}

/** The environment plus the variables of `.env`; the environment takes precedence. */
function readEnvironment() {
  try {
    const file = require('util').parseEnv(fs.readFileSync(path.join(ROOT, '.env'), 'utf8'));
    return Object.assign(file, process.env);
  } catch (error) {
    if (error.code === 'ENOENT') return process.env;
    throw error;
  }
}

/** Throws one error that lists every port that cannot be used, with the variable that changes it. */
async function checkPorts(environment) {
  const problems = [];
  const wanted = [];
  for (const name of Object.keys(ports)) {
    const { variable, usedBy } = ports[name];
    if (name === 'workerHealth' && environment.WORKER_HEALTH_ADDRESS) continue;
    const text = environment[variable] || String(ports[name].default);
    if (isPort(text)) wanted.push({ variable, usedBy, number: Number(text) });
    else
      problems.push(`${variable} is "${text}": give a port from 1 to 65535, or unset it for ${ports[name].default}.`);
  }
  for (const variable of Object.keys(ADDRESS_VARIABLES)) {
    const text = (/:(\d+)$/.exec(environment[variable] || '') || [])[1];
    if (isPort(text)) wanted.push({ variable, usedBy: ADDRESS_VARIABLES[variable], number: Number(text) });
  }
  for (const port of wanted) {
    const twin = wanted.find((other) => other !== port && other.number === port.number);
    const problem = twin ? `is also used by ${twin.variable}` : await getPortProblem(port.number);
    if (problem)
      problems.push(`Port ${port.number} for the ${port.usedBy} ${problem}: set ${port.variable} to another one.`);
  }
  if (problems.length > 0) throw new Error(problems.join('\n'));
}

function isPort(text) {
  return /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65535;
}

function getPortProblem(number) {
  return new Promise((resolve) => {
    const probe = net.createServer();
    probe.once('error', ({ code }) => resolve(code === 'EADDRINUSE' ? 'is in use' : `cannot be used (${code})`));
    probe.listen(number, '127.0.0.1', () => probe.close(() => resolve(undefined)));
  });
}

function removeCopiesOfEndedStacks() {
  for (const name of fs.readdirSync(STATE_FOLDER)) {
    const pid = (/^run-(\d+)$/.exec(name) || [])[1];
    if (pid && !isAlive(Number(pid))) fs.rmSync(path.join(STATE_FOLDER, name), { recursive: true, force: true });
  }
}

main(process.argv.slice(2)).then(
  () => process.exit(0), // otherwise the signal handlers keep the process alive
  (error) => {
    console.error(error.message);
    process.exit(1);
  },
);
