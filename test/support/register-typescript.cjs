/** Lets a plain `node` run the TypeScript sources: `node -r ./register-typescript.cjs FILE.ts`. */
const { transformFileSync } = require('@swc/core');

require.extensions['.ts'] = (loaded, file) => {
  const { code } = transformFileSync(file, {
    jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
    module: { type: 'commonjs' },
  });
  loaded._compile(code, file);
};
