import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What the parts of the local stack share and nobody else knows; in the form of the variables that carry them. */
export interface LocalSecrets {
  /** Signs events to the CRM. */
  readonly crmCallbackSecrets: string;
  /** Signs the links of signatories. */
  readonly acceptanceLinkKeys: string;
  /** What the gateway's one caller sends; the gateway itself is told its hash. */
  readonly gatewayApiKey: string;
}

const newSecrets: Record<keyof LocalSecrets, () => string> = {
  crmCallbackSecrets: () => `whsec_${randomBytes(32).toString('base64')}`,
  acceptanceLinkKeys: () => `local:${randomBytes(32).toString('base64')}`,
  gatewayApiKey: () => randomBytes(24).toString('hex'),
};

/** The stack's own secrets, each made once: links and signatures still hold after a restart. */
export async function localSecrets(stateFolder: string): Promise<LocalSecrets> {
  const path = join(stateFolder, 'secrets.json');
  const kept = await readKept(path);
  const secrets = Object.fromEntries(
    Object.entries(newSecrets).map(([name, create]) => [name, kept[name] ?? create()]),
  ) as unknown as LocalSecrets;
  await mkdir(stateFolder, { recursive: true });
  await writeFile(path, `${JSON.stringify(secrets, undefined, 2)}\n`, { mode: 0o600 });
  return secrets;
}

async function readKept(path: string): Promise<Record<string, string>> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Record<string, string>;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw new Error(`${path} cannot be read: delete it, and new secrets are made.`, { cause: error });
  }
}
