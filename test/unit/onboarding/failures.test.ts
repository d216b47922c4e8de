import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { remediations } from '../../../src/onboarding/failures';

const guide = readFileSync(join(__dirname, '../../../docs/operations.md'), 'utf8');

test.each(Object.entries(remediations))(
  'the operations guide gives the fix of %s as the product does',
  (reason, fix) => {
    const row = guide.split('\n').find((line) => line.startsWith(`| \`${reason}\``) && line.includes(fix));
    expect(row).toBeDefined();
  },
);
