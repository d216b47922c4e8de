import { z } from 'zod';

/** What the parts of the configuration are made of: faults told all at once, and the kinds of values. */

export type Environment = Record<string, string | undefined>;

/** The environment does not fit: every fault at once, by name, with the mend. Values are never repeated. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
  constructor(readonly faults: readonly string[]) {
    super(`The configuration is not complete:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`);
  }
}

export interface HostPort {
  host: string;
  port: number;
}

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export const url = (example: string) => z.url({ protocol: /^https?$/, error: `must be a URL such as ${example}` });
export const guid = (what: string) => z.string(`is missing: set it to ${what}`).regex(GUID, `must be ${what}, a GUID`);
export const flag = z.enum(['true', 'false'], 'must be true or false').transform((value) => value === 'true');
export const hostPort = z
  .string()
  .regex(/^\[?[^\s]+\]?:\d{1,5}$/, 'must be host:port, for example 127.0.0.1:9090')
  .transform((value): HostPort => {
    const colon = value.lastIndexOf(':');
    return { host: value.slice(0, colon).replace(/^\[|\]$/g, ''), port: Number(value.slice(colon + 1)) };
  });

/** Adds the rule that variables come together; `missing` has what is said of each one that is not set beside another. */
export function allOrNone<T extends z.ZodType>(schema: T, missing: { [name in keyof z.infer<T>]?: string }): T {
  const names = Object.keys(missing) as (keyof typeof missing & string)[];
  return names.reduce(
    (ruled, name) =>
      ruled.refine((values) => values[name] !== undefined || names.every((other) => values[other] === undefined), {
        path: [name],
        error: missing[name]!,
        when: () => true, // also when other variables are at fault: all of them are told at once
      }),
    schema,
  );
}

/** A variable set to nothing counts as not set: that is how compose files and shells say "none". */
export function parse<T extends z.ZodType>(schema: T, environment: Environment): z.infer<T> {
  const set = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value.trim() !== ''),
  );
  const result = schema.safeParse(set);
  if (result.success) return result.data;
  throw new ConfigurationError(
    result.error.issues.map((issue) => `${issue.path.map(String).join('.')} ${issue.message}`),
  );
}
