/** The completion script, sourced by a real bash. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommandLineInProcess } from '../../support/command-line';
import { temporaryFolder } from '../../support/temporary-folder';

describe('bash', () => {
  let script: string;
  beforeAll(async () => {
    const { stdout } = await runCommandLineInProcess(['completion', 'bash']);
    script = join(temporaryFolder('completion-'), 'completion.bash');
    writeFileSync(script, stdout);
  });

  /** What bash offers for the last of these words. */
  function complete(...words: string[]): string[] {
    const test = 'source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _onboarding; echo "${COMPREPLY[@]}"';
    const offered = execFileSync('bash', ['-c', test, 'bash', script, 'onboarding', ...words], { encoding: 'utf8' });
    return offered.trim().split(' ').filter(Boolean).toSorted();
  }

  test.each<[words: string[], offered: string[]]>([
    [['st'], ['start', 'status']],
    [
      ['events', ''],
      ['help', 'list', 'resend'],
    ],
    [
      ['completion', ''],
      ['bash', 'fish', 'zsh'],
    ],
    [['list', '--status', 'needs'], ['needsAttention']],
    [
      ['--json', 'list', '--limit', '5', '--attention-reason', 're'],
      ['refused', 'retriesUsedUp'],
    ],
    [['accept', 'D-1', '--rea'], ['--reason']],
    [['accept', 'D-1', '--reason', ''], []],
    [['retry', '--reason', 'acc'], ['access']],
    [['events', 'resend', 'D-1', '--seq'], ['--sequence']],
    [['status', 'D-1', '--env'], ['--env-file']],
    [['status', ''], []],
    [['start', '/etc/pass'], ['/etc/passwd']],
    [['status', 'D-1', '--env-file', '/etc/pass'], ['/etc/passwd']],
  ])('completes %j', (words, offered) => {
    expect(complete(...words)).toEqual(expect.arrayContaining(offered));
    if (!words.at(-1)!.startsWith('/')) expect(complete(...words)).toEqual(offered); // files of this machine vary
  });
});
