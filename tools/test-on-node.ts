/** `npm run test:node -- 22 [PROJECT…] [JEST_OPTION…]`: runs the tests with another Node, from an npm package. */
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fillOnce, getCacheFolder } from './binaries/cache';
import { getMessage, runCommand, withProgress } from './binaries/command';
import { getProductFolder } from '../src/process/version';

const USAGE =
  'Usage: npm run test:node -- VERSION [PROJECT…] [JEST_OPTION…], for example: npm run test:node -- 22 unit workflow';
const DEFAULT_PROJECTS = ['unit', 'workflow', 'integration'];

async function main(version: string | undefined, args: readonly string[]): Promise<number> {
  if (version === undefined || !/^\d+(\.\d+){0,2}$/.test(version)) throw new Error(USAGE);
  const node = await installNode(version);
  console.log(`Node ${(await runCommand(node, ['--version'])).trim()}: ${node}`);

  const jest = join(getProductFolder(), 'node_modules', 'jest', 'bin', 'jest.js');
  const options = args.filter((argument) => argument.startsWith('-'));
  const projects = args.filter((argument) => !options.includes(argument));
  const selected = projects.length > 0 ? projects : DEFAULT_PROJECTS;
  const child = spawn(node, [jest, '--maxWorkers', '2', '--selectProjects', ...selected, ...options], {
    stdio: 'inherit',
    env: { ...process.env, PATH: `${dirname(node)}:${process.env['PATH']}` },
  });
  return await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

/** Installs the newest Node of `version` into the user's cache, from the npm package that contains the executable. */
async function installNode(version: string): Promise<string> {
  const { platform, arch } = process;
  const name = `${platform === 'darwin' && arch === 'arm64' ? 'node-bin' : 'node'}-${platform}-${arch}`;
  const folder = join(getCacheFolder(process.env), `node-${version}`);
  await withProgress(process.stderr, `Installing Node ${version}`, () =>
    fillOnce(folder, async (unfinished) => {
      await runCommand('npm', [
        'install',
        '--no-save',
        '--ignore-scripts',
        '--prefix',
        unfinished,
        `${name}@${version}`,
      ]);
    }),
  );
  return join(folder, 'node_modules', name, 'bin', 'node');
}

const [version, ...args] = process.argv.slice(2);
main(version, args).then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    console.error(getMessage(error));
    process.exitCode = 1;
  },
);
