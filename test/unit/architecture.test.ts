import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findViolations, layers, readSources } from '../support/layers';

const ROOT = join(__dirname, '../..');

test('imports go to the same or a lower layer, without cycles', () => {
  const sources = readSources(ROOT);
  expect(sources.size).toBeGreaterThan(100);
  expect(findViolations(sources)).toEqual([]);
});

test('each kind of violation is found in a sample tree', () => {
  const sources = new Map([
    ['src/onboarding/request.ts', "import type { Row } from '../client/listing';"],
    ['src/client/listing.ts', "import type { Request } from '../onboarding/request';"],
    ['src/webhooks/deliver.ts', "import { log } from '../process/logging';"],
    ['src/process/logging.ts', ''],
    ['src/cli.ts', "const main = () => require('../simulator/main');"],
    ['simulator/main.ts', "import { x } from '../src/process/logging';"],
    ['tools/start.ts', "import { eventually } from '../test/support/eventually';"],
    ['bench/run.ts', "import '../tools/start';\nimport { a } from '../src/cli';"],
  ]);
  expect(findViolations(sources)).toEqual([
    'src/onboarding/request.ts (onboarding) imports src/client/listing.ts (client)',
    'src/webhooks/deliver.ts (webhooks) imports src/process/logging.ts (process)',
    'src/cli.ts (entry points) imports simulator/main.ts (simulator)',
    'simulator/main.ts (simulator) imports src/process/logging.ts (process)',
    'tools/start.ts (tools) imports test/support/eventually (test)',
    'cycle: src/onboarding/request.ts → src/client/listing.ts → src/onboarding/request.ts',
  ]);
});

test('the contributors’ guide shows every layer with its purpose', () => {
  const guide = readFileSync(join(ROOT, 'docs/contributing.md'), 'utf8').replace(/ +/g, ' ');
  for (const { name, purpose } of layers.flat()) expect(guide).toContain(`| \`${name}\` | ${purpose} |`);
});
