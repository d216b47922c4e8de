import { Argument, type Command, type Option } from 'commander';
import type { CommandRunner } from '../session';

const shells = ['bash', 'zsh', 'fish'] as const;
type Shell = (typeof shells)[number];

export function addCompletionCommand(program: Command, run: CommandRunner): void {
  program
    .command('completion')
    .description('print a completion script, for example for: source <(onboarding completion bash)')
    .addArgument(new Argument('<shell>', 'the shell that loads it').choices(shells))
    .action((shell: Shell) =>
      run(() => {
        const script = buildScript(shell, program.name(), collectContexts(program));
        return { text: script, json: { shell, script } };
      }),
    );
}

function buildScript(shell: Shell, name: string, contexts: readonly Context[]): string {
  switch (shell) {
    case 'bash':
      return buildBashScript(name, contexts);
    case 'zsh': // its bashcompinit runs bash completions
      return `autoload -U +X compinit bashcompinit\n(( $+functions[compdef] )) || compinit\nbashcompinit\n${buildBashScript(name, contexts)}`;
    case 'fish':
      return buildFishScript(name, contexts);
  }
}

/** The values of an option or argument: a fixed list, file names, or undefined if they cannot be completed. */
type Values = readonly string[] | 'file' | undefined;

interface CompletedOption {
  name: string;
  description: string;
  takesValue: boolean;
  values: Values;
}

/** What can follow a command. Its `path` is empty for the program itself, and for example `events list` below it. */
interface Context {
  path: string;
  commands: { name: string; description: string }[];
  options: CompletedOption[];
  values: Values;
}

/** The contexts of a command and of all commands below it. `inherited`: the program's options, valid in each. */
function collectContexts(command: Command, path = '', inherited: readonly Option[] = []): Context[] {
  const help = command.createHelp();
  const options = [...help.visibleOptions(command), ...inherited].map((option) => ({
    name: option.long!,
    description: option.description,
    takesValue: option.required,
    values: option.argChoices ?? (option.flags.includes('<file>') ? ('file' as const) : undefined),
  }));
  const [argument] = command.registeredArguments;
  const context: Context = {
    path,
    commands: help.visibleCommands(command).map((each) => ({ name: each.name(), description: each.description() })),
    options,
    values: argument?.argChoices ?? (argument?.name() === 'file' ? 'file' : undefined),
  };
  const inheritedBelow = path === '' ? command.options.filter(({ long }) => long !== '--version') : inherited;
  const below = command.commands.flatMap((each) =>
    collectContexts(each, `${path} ${each.name()}`.trim(), inheritedBelow),
  );
  return [context, ...below];
}

/** Uses only features of bash 3.2, the version that macOS ships. */
function buildBashScript(name: string, contexts: readonly Context[]): string {
  const paths = contexts.slice(1).map(({ path }) => `'${path}'`);
  const optionCases = contexts.flatMap(({ path, options }) =>
    options
      .filter(({ takesValue }) => takesValue)
      .map((option) => `    '${path} ${option.name}') ${assignWords(option.values)}; return ;;`),
  );
  const contextCases = contexts.map(({ path, commands, options, values }) => {
    const optionWords = options.map((option) => option.name).join(' ');
    const words = commands.length > 0 ? commands.map((each) => each.name) : values;
    return `    '${path}') if [[ $word == -* ]]; then ${assignWords([optionWords])}; else ${assignWords(words)}; fi ;;`;
  });
  return `_${name}() {
  local word=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD - 1]} chain='' longer i
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    longer="$chain\${chain:+ }\${COMP_WORDS[i]}"
    case "$longer" in ${paths.join(' | ')}) chain=$longer ;; esac
  done
  case "$chain $previous" in
${optionCases.join('\n')}
  esac
  case "$chain" in
${contextCases.join('\n')}
  esac
}
complete -F _${name} ${name}`;
}

function assignWords(values: Values): string {
  if (values === undefined) return ':';
  const source = values === 'file' ? '-f' : `-W '${values.join(' ')}'`;
  return `COMPREPLY=($(compgen ${source} -- "$word"))`;
}

function buildFishScript(name: string, contexts: readonly Context[]): string {
  const lines = contexts.flatMap(({ path, commands, options, values }) => {
    const conditions = path
      .split(' ')
      .filter(Boolean)
      .map((each) => `__fish_seen_subcommand_from ${each}`);
    if (commands.length > 0) {
      conditions.push(`not __fish_seen_subcommand_from ${commands.map((each) => each.name).join(' ')}`);
    }
    const start = `complete -c ${name} -n ${quote(conditions.join('; and '))}`;
    return [
      ...commands.map((each) => `${start} -a ${each.name} -d ${quote(each.description)}`),
      ...(values === undefined ? [] : [`${start}${completeValues(values)}`]),
      ...options.map((option) => {
        const value = option.takesValue ? ` -r${completeValues(option.values)}` : '';
        return `${start} -l ${option.name.slice(2)}${value} -d ${quote(option.description)}`;
      }),
    ];
  });
  return [`complete -c ${name} -f`, ...lines].join('\n');
}

function completeValues(values: Values): string {
  if (values === undefined) return ' -f';
  return values === 'file' ? ' -F' : ` -f -a ${quote(values.join(' '))}`;
}

function quote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
