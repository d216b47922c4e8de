import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { getProductFolder } from '../../../src/process/version';
import { temporaryFolder } from '../../support/temporary-folder';

const READY = 'The stack runs.';

/** `npm start` in a checkout whose build contains only a program that prints READY and waits for SIGTERM. */
class Checkout {
  readonly root = temporaryFolder('onboarding-checkout-');
  readonly #running: ChildProcess[] = [];

  constructor() {
    const project = getProductFolder();
    for (const file of ['package.json', 'tools/start.js', 'tools/local-stack/ports.json']) {
      cpSync(join(project, file), join(this.root, file));
    }
    const program = `exports.runLocalStack = ({ environment }) => new Promise((resolve) => {
      process.on('SIGTERM', resolve);
      setInterval(() => {}, 1000);
      console.log(${JSON.stringify(READY)}, environment.GIVEN);
    });`;
    writeFileSync(
      join(this.root, 'tools', 'build.js'),
      `const { mkdirSync, writeFileSync } = require('node:fs');
      const folder = process.argv[3] + '/tools/local-stack';
      mkdirSync(folder, { recursive: true });
      writeFileSync(folder + '/start.js', ${JSON.stringify(program)});`,
    );
  }

  get state(): string {
    return join(this.root, '.local');
  }

  /** Resolves when the stack runs or has ended. */
  async start(environment: NodeJS.ProcessEnv = {}, nodeArgs: string[] = []) {
    const child = spawn(process.execPath, [...nodeArgs, join(this.root, 'tools', 'start.js')], {
      env: { PATH: process.env['PATH'], ...freePorts, ...environment },
    });
    this.#running.push(child);
    let printed = '';
    const ended = once(child, 'close').then(([code]) => code as number | null);
    const ready = new Promise<void>((resolve) => {
      const onOutput = (chunk: Buffer) => {
        printed += chunk.toString();
        if (printed.includes(READY)) resolve();
      };
      child.stdout.on('data', onOutput);
      child.stderr.on('data', onOutput);
    });
    await Promise.race([ready, ended]);
    return { child, ended, printed: () => printed };
  }

  killAll(): void {
    for (const child of this.#running) child.kill('SIGKILL');
  }
}

let checkout: Checkout;
let freePorts: Record<string, string>;
const servers: Server[] = [];

async function listen(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

beforeEach(async () => {
  checkout = new Checkout();
  const names = ['TEMPORAL_PORT', 'TEMPORAL_UI_PORT', 'SIMULATOR_PORT', 'GATEWAY_PORT', 'WORKER_HEALTH_PORT'];
  const ports = await Promise.all(names.map(listen));
  for (const server of servers.splice(0)) await once(server.close(), 'close');
  freePorts = Object.fromEntries(names.map((name, index) => [name, String(ports[index])]));
});

afterEach(() => {
  checkout.killAll();
  for (const server of servers.splice(0)) server.close();
});

describe('npm start', () => {
  it('names the required version of Node, in one line', async () => {
    const oldNode = join(checkout.root, 'old-node.js');
    writeFileSync(oldNode, "Object.defineProperty(process, 'versions', { value: { node: '18.20.4' } });");
    const { ended, printed } = await checkout.start({}, ['-r', oldNode]);

    expect(printed()).toBe('Node 20.19 or later is needed, and this is 18.20.4: install a newer Node.\n');
    await expect(ended).resolves.toBe(1);
  });

  it('names every port that is in use and the variable that changes it, before it builds', async () => {
    const [simulator, metrics] = [await listen(), await listen()];
    const { ended, printed } = await checkout.start({
      SIMULATOR_PORT: String(simulator),
      METRICS_ADDRESS: `127.0.0.1:${metrics}`,
    });

    expect(printed()).toBe(
      `Port ${simulator} for the simulator is in use: set SIMULATOR_PORT to another one.\n` +
        `Port ${metrics} for the worker's metrics is in use: set METRICS_ADDRESS to another one.\n`,
    );
    await expect(ended).resolves.toBe(1);
  });

  it('names a variable that is not a port number, and two parts with the same port', async () => {
    writeFileSync(join(checkout.root, '.env'), `TEMPORAL_PORT=1234\nTEMPORAL_UI_PORT=abc\n`);
    const { SIMULATOR_PORT: port, ...others } = freePorts;
    delete others['TEMPORAL_UI_PORT'];
    freePorts = { ...others, SIMULATOR_PORT: port!, GATEWAY_PORT: port! };
    const { printed } = await checkout.start();

    expect(printed()).toBe(
      'TEMPORAL_UI_PORT is "abc": give a port from 1 to 65535, or unset it for 8233.\n' +
        `Port ${port} for the simulator is also used by GATEWAY_PORT: set SIMULATOR_PORT to another one.\n` +
        `Port ${port} for the gateway is also used by SIMULATOR_PORT: set GATEWAY_PORT to another one.\n`,
    );
  });

  it('refuses to start twice in one folder and names the running copy', async () => {
    const first = await checkout.start();
    const second = await checkout.start();

    expect(second.printed()).toContain(`Another copy is running in this folder, with process id ${first.child.pid}`);
    expect(second.printed()).toContain(`kill ${first.child.pid}`);
    await expect(second.ended).resolves.toBe(1);

    first.child.kill('SIGTERM');
    await expect(first.ended).resolves.toBe(0);
    expect((await checkout.start()).printed()).toContain(READY);
  });

  it('starts after a copy was killed, and removes the files of that copy', async () => {
    const first = await checkout.start();
    first.child.kill('SIGKILL');
    await first.ended;
    expect(readdirSync(checkout.state)).toContain(`run-${first.child.pid}`);

    const second = await checkout.start();
    expect(second.printed()).toContain(READY);
    expect(readdirSync(checkout.state).toSorted()).toEqual([`run-${second.child.pid}`, 'start.lock']);
  });

  it('starts when another program has got the process id of a copy that has ended', async () => {
    mkdirSync(checkout.state);
    writeFileSync(join(checkout.state, 'start.lock'), String(process.pid));

    expect((await checkout.start()).printed()).toContain(READY);
  });

  it('runs its own copy of the build in a folder that only the user can read, and removes copy and lock at the end', async () => {
    const { child, ended } = await checkout.start();
    expect(statSync(checkout.state).mode & 0o777).toBe(0o700);
    expect(existsSync(join(checkout.root, 'lib'))).toBe(false);

    child.kill('SIGTERM');
    await ended;
    expect(readdirSync(checkout.state)).toEqual([]);
  });

  it('reads variables from .env too, and the environment takes precedence', async () => {
    writeFileSync(join(checkout.root, '.env'), 'GIVEN=by the file\nTEMPORAL_PORT=no port\n');
    const byFile = await checkout.start();
    expect(byFile.printed()).toContain(`${READY} by the file`);
    byFile.child.kill('SIGTERM');
    await byFile.ended;

    const byEnvironment = await checkout.start({ GIVEN: 'by the environment' });
    expect(byEnvironment.printed()).toContain(`${READY} by the environment`);
  });

  it('prints help without building', async () => {
    const project = getProductFolder();
    const help = spawn(process.execPath, [join(project, 'tools', 'start.js'), '--help']);
    const chunks: Buffer[] = [];
    help.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    await once(help, 'close');

    expect(Buffer.concat(chunks).toString()).toContain('TEMPORAL_UI_PORT     8233   Temporal UI');
  });
});
