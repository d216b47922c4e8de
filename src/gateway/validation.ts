import type { FastifySchemaCompiler } from 'fastify';
import type { z } from 'zod';
import { faultsIn, type RequestFault } from '../onboarding/check-request';
import { type FieldError, ProblemError } from './problem';

/** Checks a part of a request by its zod schema; every fault is told at once. */
export const compileValidator: FastifySchemaCompiler<unknown> =
  ({ schema, httpPart }) =>
  (sent: unknown) => {
    const checked = (schema as z.ZodType).safeParse(httpPart === 'body' ? (sent ?? undefined) : sent);
    if (checked.success) return { value: checked.data };
    const faults = faultsIn(checked.error, httpPart === 'querystring' ? 'this query' : 'this body');
    return { error: invalidRequest(httpPart === 'querystring' ? faults.map(asParameter) : faults) };
  };

export function invalidRequest(errors: FieldError[]): ProblemError {
  const count = errors.length === 1 ? 'One fault' : `${errors.length} faults`;
  return new ProblemError('invalid-request', `${count}; nothing was done.`, { errors });
}

function asParameter({ pointer, detail }: RequestFault): FieldError {
  return { parameter: pointer.slice(1).replaceAll('~1', '/').replaceAll('~0', '~'), detail };
}
