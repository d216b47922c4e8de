import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import defaults from './ports.json';

export interface StackSettings {
  readonly root: string;
  /** The compiled product that the stack runs. */
  readonly libFolder: string;
  /** Everything that the stack keeps: databases, logs, secrets, environment. */
  readonly stateFolder: string;
  readonly logFolder: string;
  /** All on 127.0.0.1; `tools/start.js` has checked them. */
  readonly ports: Readonly<Record<keyof typeof defaults, number>>;
}

/** Secrets that only the parts of one local stack share, in the form of the variables that carry them. */
export interface LocalSecrets {
  /** Signs events to the CRM. */
  readonly crmCallbackSecrets: string;
  /** Signs the links of signatories. */
  readonly acceptanceLinkKeys: string;
  /** For the gateway's callers; the gateway itself gets its hash. */
  readonly gatewayApiKey: string;
}

const newSecrets: Record<keyof LocalSecrets, () => string> = {
  crmCallbackSecrets: () => `whsec_${randomBytes(32).toString('base64')}`,
  acceptanceLinkKeys: () => `local:${randomBytes(32).toString('base64')}`,
  gatewayApiKey: () => randomBytes(24).toString('hex'),
};

/** The settings of a stack in the checkout `root`. */
export function readStackSettings(root: string, environment: NodeJS.ProcessEnv): StackSettings {
  const ports = Object.fromEntries(
    Object.entries(defaults).map(([name, port]) => [name, Number(environment[port.variable] || port.default)]),
  ) as Record<keyof typeof defaults, number>;
  const stateFolder = join(root, '.local');
  return { root, libFolder: join(root, 'lib'), stateFolder, logFolder: join(stateFolder, 'logs'), ports };
}

/** Creates a folder that only this user can read, or restricts an existing one: it holds secrets and personal data. */
export async function createPrivateFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await chmod(folder, 0o700);
}

/** The stack's secrets, each created once, so that links and signatures stay valid after a restart. */
export async function readOrCreateSecrets(stateFolder: string): Promise<LocalSecrets> {
  const path = join(stateFolder, 'secrets.json');
  const stored = await readStored(path);
  const secrets = Object.fromEntries(
    Object.entries(newSecrets).map(([name, create]) => [name, stored[name] ?? create()]),
  ) as unknown as LocalSecrets;
  await writePrivateFile(path, `${JSON.stringify(secrets, undefined, 2)}\n`);
  return secrets;
}

/** Writes a file that only this user can read, even if the existing file was readable by others. */
export async function writePrivateFile(path: string, content: string): Promise<void> {
  await writeFile(path, content, { mode: 0o600 });
  await chmod(path, 0o600);
}

async function readStored(path: string): Promise<Record<string, string>> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Record<string, string>;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw new Error(`${path} cannot be read. Delete it to create new secrets.`, { cause: error });
  }
}
