import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../../support/temporary-folder';

/** An isolated environment for one test: an empty cache, and a PATH with only the programs that the test adds. */
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

  /** Puts a shell script on PATH; the script can only use commands that are built into the shell. */
  program(name: string, script: string): string {
    return writeProgram(join(this.folder, 'bin', name), script);
  }
}

export function writeProgram(path: string, script: string): string {
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  return path;
}

/** Records progress instead of printing it. */
export class RecordedProgress {
  text = '';

  write(text: string): void {
    this.text += text;
  }
}
