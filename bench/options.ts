/** Parses command-line options that are numbers or choices, and reports all invalid ones in one error. */
import { parseArgs, type ParseArgsConfig } from 'node:util';

export const textOption = (value: string) => ({ type: 'string', default: value }) as const;
export const flagOption = { type: 'boolean', default: false } as const;

interface OptionReader {
  number: (name: string, from: number, to: number, kind?: 'whole' | 'any') => number;
  choice: <T extends string>(name: string, choices: readonly T[]) => T;
  flag: (name: string) => boolean;
  /** Adds a problem to the error that `readOptions` throws. */
  reject: (problem: string) => void;
}

/** Undefined for `--help`. @throws Error with one line for every problem. */
export function readOptions<T>(
  args: readonly string[],
  options: NonNullable<ParseArgsConfig['options']>,
  read: (reader: OptionReader) => T,
): T | undefined {
  const config = { args: [...args], options: { ...options, help: { ...flagOption, short: 'h' } } };
  const values: Record<string, unknown> = parseArgs(config).values;
  if (values.help === true) return undefined;

  const problems: string[] = [];
  const result = read({
    number(name, from, to, kind = 'whole') {
      const value = Number(values[name]);
      const fits = value >= from && value <= to && (kind === 'any' || Number.isInteger(value));
      const wanted = kind === 'whole' ? 'a whole number' : 'a number';
      if (!fits) problems.push(`--${name} is "${String(values[name])}": give ${wanted} from ${from} to ${to}.`);
      return value;
    },
    choice(name, choices) {
      const chosen = choices.find((choice) => choice === values[name]);
      if (chosen === undefined) {
        problems.push(`--${name} is "${String(values[name])}": give ${choices.join(' or ')}.`);
      }
      return chosen ?? choices[0]!;
    },
    flag: (name) => values[name] === true,
    reject: (problem) => problems.push(problem),
  });
  if (problems.length > 0) throw new Error(problems.join('\n'));
  return result;
}
