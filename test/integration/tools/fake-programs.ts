import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../../support/temporary-folder';

/** A machine of its own for one test: an empty cache, and a PATH with nothing but the programs written to it. */
export class FakeMachine {
  readonly folder = temporaryFolder('onboarding-tools-');
  readonly environment: NodeJS.ProcessEnv = {
    PATH: join(this.folder, 'bin'),
    XDG_CACHE_HOME: join(this.folder, 'cache'),
    TEMPORAL_SDK_DOWNLOAD: 'off',
  };

  constructor() {
    mkdirSync(join(this.folder, 'bin'));
  }

  /** Puts a shell script on PATH; it can rely on the shell's own commands only. */
  program(name: string, script: string): string {
    return writeProgram(join(this.folder, 'bin', name), script);
  }
}

export function writeProgram(path: string, script: string): string {
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  return path;
}

/** Progress that is kept instead of shown. */
export class KeptProgress {
  text = '';

  write(text: string): void {
    this.text += text;
  }
}
