import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The folder of the product's package.json, the nearest one above this file, because sources and build differ in depth. */
export function getProductFolder(): string {
  let folder = __dirname;
  while (!existsSync(join(folder, 'package.json'))) {
    if (folder === dirname(folder)) throw new Error(`There is no package.json above ${__dirname}.`);
    folder = dirname(folder);
  }
  return folder;
}

export function getProductVersion(): string {
  return (JSON.parse(readFileSync(join(getProductFolder(), 'package.json'), 'utf8')) as { version: string }).version;
}
