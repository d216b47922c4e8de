import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { commandLine } from '../../support/command-line';
import { temporaryFolder } from '../../support/temporary-folder';

async function printScript(shell: string): Promise<string> {
  const { code, stdout, stderr } = await commandLine(['completion', shell]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout;
}

describe('bash', () => {
  let script: string;
  beforeAll(async () => {
    script = join(temporaryFolder('completion-'), 'completion.bash');
    writeFileSync(script, await printScript('bash'));
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

test('zsh runs the completion of bash', async () => {
  const script = await printScript('zsh');

  expect(script).toContain('\nbashcompinit\n');
  expect(script).toContain(await printScript('bash'));
});

test('fish gets commands, options and their values, each for its command', async () => {
  const lines = (await printScript('fish')).split('\n');

  expect(lines).toContain("complete -c onboarding -n '__fish_seen_subcommand_from completion' -f -a 'bash zsh fish'");
  expect(lines).toContainEqual(
    expect.stringMatching(/'__fish_seen_subcommand_from list' -l status -r -f -a '.*needsAttention.*' -d/),
  );
  expect(lines).toContainEqual(expect.stringContaining("-n '__fish_seen_subcommand_from start' -F"));
});

test('a shell that is not supported is a usage error', async () => {
  expect(await commandLine(['completion', 'tcsh'])).toMatchObject({ code: 2, stdout: '' });
});
