import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleWorkflows } from '../../../tools/bundle-workflows';
import { getProductFolder } from '../../../src/process/version';
import { temporaryFolder } from '../../support/temporary-folder';

/** Compiled sources with one workflow, as they stand in `lib`. */
function compiled(source: string): string {
  const lib = temporaryFolder('onboarding-lib-');
  symlinkSync(join(getProductFolder(), 'node_modules'), join(lib, 'node_modules'));
  mkdirSync(join(lib, 'src', 'workflows'), { recursive: true });
  writeFileSync(join(lib, 'src', 'workflows', 'index.js'), source);
  return lib;
}

describe('the workflow bundle', () => {
  it('is made once, and again only when the compiled sources change or the bundle is missing', async () => {
    const lib = compiled("exports.greet = async () => 'first';");
    const bundle = join(lib, 'workflow-bundle.js');

    await expect(bundleWorkflows(lib)).resolves.toBe(true);
    await expect(bundleWorkflows(lib)).resolves.toBe(false);

    writeFileSync(join(lib, 'src', 'workflows', 'index.js'), "exports.greet = async () => 'second';");
    await expect(bundleWorkflows(lib)).resolves.toBe(true);
    expect(readFileSync(bundle, 'utf8')).toContain('second');

    rmSync(bundle);
    await expect(bundleWorkflows(lib)).resolves.toBe(true);
  });

  it('is copied from an earlier build of the same sources', async () => {
    const earlier = compiled("exports.greet = async () => 'same';");
    const lib = compiled("exports.greet = async () => 'same';");
    await bundleWorkflows(earlier);

    await expect(bundleWorkflows(lib, earlier)).resolves.toBe(false);
    expect(readFileSync(join(lib, 'workflow-bundle.js'), 'utf8')).toContain('same');
  });

  it('fails with the reason for sources that reach outside the sandbox', async () => {
    const lib = compiled("const { readFileSync } = require('fs'); exports.greet = async () => readFileSync('x');");

    await expect(bundleWorkflows(lib)).rejects.toThrow(/could not be bundled[\s\S]*disallowed[\s\S]*'fs'/);
  });

  it('asks for a build where nothing is compiled yet', async () => {
    await expect(bundleWorkflows(tmpdir())).rejects.toThrow('compile first, with `npm run build`');
  });
});
