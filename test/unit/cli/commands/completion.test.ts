import { runCommandLineInProcess } from '../../../support/command-line';

async function printScript(shell: string): Promise<string> {
  const { code, stdout, stderr } = await runCommandLineInProcess(['completion', shell]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout;
}

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
  expect(await runCommandLineInProcess(['completion', 'tcsh'])).toMatchObject({ code: 2, stdout: '' });
});
