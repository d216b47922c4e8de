/** Writes the gateway's description, `docs/openapi.json` and `docs/openapi-2.0.json`, from the schemas of its routes. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { format } from 'prettier';
import { acceptanceLinks } from '../src/onboarding/acceptance-link';
import { OnboardingClient } from '../src/client/onboarding-client';
import { buildApp } from '../src/gateway/app';
import { createLogger } from '../src/process/logging';
import { findProjectRoot } from './project-root';
import { Client, Connection } from '@temporalio/client';

async function main(): Promise<void> {
  const connection = Connection.lazy(); // never used: nothing is asked but the description
  const app = buildApp({
    onboardings: new OnboardingClient(new Client({ connection }), 'none'),
    links: acceptanceLinks([{ id: 'none', secret: new Uint8Array(32) }], 'http://127.0.0.1'),
    apiKeys: [],
    acceptanceUrl: 'http://127.0.0.1',
    log: createLogger({ level: 'silent' }),
  });
  for (const name of ['openapi.json', 'openapi-2.0.json']) {
    const { body } = await app.inject(`/${name}`);
    const path = join(findProjectRoot(), 'docs', name);
    await writeFile(path, await format(body, { parser: 'json', printWidth: 120 }));
    console.log(path);
  }
  await app.close();
  await connection.close();
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
