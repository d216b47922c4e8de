/** Building blocks of every process's schema: the kinds of values, and the parser that reports all faults together. */
import { z } from 'zod';
import { GUID } from '../onboarding/ids';
import type { HostPort } from '../process/lifecycle';

export type Environment = Record<string, string | undefined>;

/** Every fault of the environment, by variable and with its fix. Never repeats a value. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
  constructor(readonly faults: readonly string[]) {
    super(`The configuration is not valid:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`);
  }
}

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error'] as const;

export const url = (example: string) => z.url({ protocol: /^https?$/, error: `must be a URL such as ${example}` });
export const guid = (what: string) => z.string(`is missing: set it to ${what}`).regex(GUID, `must be ${what}, a GUID`);
export const flag = z.enum(['true', 'false'], 'must be true or false').transform((value) => value === 'true');
export const logLevel = z.enum(LOG_LEVELS, `must be one of ${LOG_LEVELS.join(', ')}`).default('info');
export const hostPort = z
  .string()
  .regex(/^\[?[^\s]+\]?:\d{1,5}$/, 'must be host:port, for example 127.0.0.1:9090')
  .transform((value): HostPort => {
    const colon = value.lastIndexOf(':');
    return { host: value.slice(0, colon).replace(/^\[|\]$/g, ''), port: Number(value.slice(colon + 1)) };
  });
/** Comma-separated; empty items are kept, so that the check of the items reports them. */
export const list = z.string().transform((text) => text.split(',').map((item) => item.trim()));

/** The items as `parseItem` reads them; `error` is the fault if it cannot read one of them, or if there is none. */
export function listOf<T>(
  parseItem: (text: string) => T | undefined,
  error: string,
  items: z.ZodType<string[], string> = list,
) {
  return items.transform((texts, context): T[] => {
    const parsed = texts.map(parseItem).filter((item) => item !== undefined);
    if (parsed.length === 0 || parsed.length < texts.length) context.addIssue({ code: 'custom', message: error });
    return parsed;
  });
}

/** A rule about several variables: returns a fault that begins with a variable's name, or undefined. */
export type Rule = (isSet: (variable: string) => boolean) => string | undefined;

/** `variable` must be set when `other` is. */
export function requiredWith(other: string, variable: string, fault: string): Rule {
  return (isSet) => (isSet(other) && !isSet(variable) ? `${variable} ${fault}` : undefined);
}

/** Without the empty variables: they count as not set, because that is what compose files and shells mean by them. */
export function withoutEmpty(environment: Environment): Environment {
  return Object.fromEntries(Object.entries(environment).filter(([, value]) => value?.trim()));
}

/**
 * Reads the variables of `schema`; an empty one counts as not set. Rules are checked even if single values are at
 * fault, so that one run reports everything.
 * @throws ConfigurationError
 */
export function parse<T extends z.ZodType>(
  schema: T,
  environment: Environment,
  rules: readonly Rule[] = [],
): z.infer<T> {
  const set = withoutEmpty(environment);
  const result = schema.safeParse(set);
  const faults = [
    ...(result.error?.issues ?? []).map(({ path, message }) => `${path.map(String).join('.')} ${message}`),
    ...rules.map((rule) => rule((variable) => set[variable] !== undefined)).filter((fault) => fault !== undefined),
  ];
  if (!result.success || faults.length > 0) throw new ConfigurationError(faults);
  return result.data;
}
