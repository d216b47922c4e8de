import { join } from 'node:path';
import { buildSync, stop } from 'esbuild';

export interface PageAssets {
  script: string;
  style: string;
}

/** Bundles `page.ts` and `page.css` of a folder. For the build and for tests: esbuild is a development dependency. */
export function bundlePageAssets(folder: string): PageAssets {
  const bundle = (file: string): string => {
    const { outputFiles } = buildSync({
      entryPoints: [join(folder, file)],
      bundle: true,
      minify: true,
      format: 'iife',
      target: 'es2020', // a browser that cannot parse the script sends the plain forms, which also work
      write: false,
      logLevel: 'silent', // errors are thrown
    });
    return outputFiles[0]!.text.trim();
  };
  try {
    return { script: bundle('page.ts'), style: bundle('page.css') };
  } finally {
    void stop(); // its worker thread would keep the process alive
  }
}
