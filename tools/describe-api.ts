/**
 * Writes the gateway's description from the schemas of its routes: `docs/openapi.json`, and in Swagger 2.0
 * `docs/openapi-2.0.json`, which the gateway serves from there.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { format } from 'prettier';
import { createAcceptanceLinks } from '../src/onboarding/acceptance-link';
import { OnboardingClient } from '../src/client/onboarding-client';
import { buildApp } from '../src/gateway/app';
import { createLogger } from '../src/process/logging';
import { getProductFolder } from '../src/process/version';
import { toSwagger2 } from './swagger-2';
import { Client, Connection } from '@temporalio/client';

async function main(): Promise<void> {
  const connection = Connection.lazy(); // never connects: only the description is requested
  const app = buildApp({
    onboardings: new OnboardingClient(new Client({ connection }), 'none'),
    links: createAcceptanceLinks([{ id: 'none', secret: new Uint8Array(32) }], 'http://127.0.0.1'),
    apiKeys: [],
    microsoftPageUrl: 'http://127.0.0.1',
    log: createLogger({ level: 'silent' }),
  });
  const description = (await app.inject('/openapi.json')).json<Record<string, unknown>>();
  await write('openapi.json', description);
  await write('openapi-2.0.json', toSwagger2(description));
  await app.close();
  await connection.close();
}

async function write(name: string, document: object): Promise<void> {
  const path = join(getProductFolder(), 'docs', name);
  await writeFile(path, await format(JSON.stringify(document), { parser: 'json', printWidth: 120 }));
  console.log(path);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
