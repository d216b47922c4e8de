import type { FastifyInstance } from 'fastify';
import { z } from 'zod';

type Json = Record<string, unknown>;

interface Documented {
  paths: Record<string, Record<string, { responses: Record<string, { content?: Record<string, { schema: Json }> }> }>>;
  components: { schemas: Record<string, Json> };
}

/**
 * Why an answer does not match the API's description (an undocumented status or another body); undefined if it matches.
 * A call that is not an operation of the API always matches.
 */
export function findDeviation(
  app: FastifyInstance,
  { method, path, status, body }: { method: string; path: string; status: number; body: unknown },
): string | undefined {
  const { paths, components } = app.swagger() as unknown as Documented;
  const pathname = path.split('?')[0]!;
  const pattern = Object.keys(paths).find((each) => new RegExp(`^${each.replace('{id}', '[^/]+')}$`).test(pathname));
  const operation = pattern === undefined ? undefined : paths[pattern]![method.toLowerCase()];
  if (operation === undefined) return undefined;
  const response = operation.responses[String(status)];
  const schema = Object.values(response?.content ?? {})[0]?.schema;
  if (schema === undefined) return `${method} ${path} answered ${status}, which is not documented`;
  const whole = { ...(inlineReferences(schema, components.schemas) as Json) };
  const checked = z.fromJSONSchema(whole).safeParse(body);
  return checked.success ? undefined : `${method} ${path} answered ${status} with ${z.prettifyError(checked.error)}`;
}

/** The schema with its references replaced by what they refer to; none of them refers to itself. */
function inlineReferences(schema: unknown, components: Record<string, Json>): unknown {
  if (Array.isArray(schema)) return schema.map((item) => inlineReferences(item, components));
  if (typeof schema !== 'object' || schema === null) return schema;
  const { $ref: reference } = schema as { $ref?: unknown };
  if (typeof reference === 'string') return inlineReferences(components[reference.split('/').at(-1)!], components);
  return Object.fromEntries(
    Object.entries(schema).map(([name, member]) => [name, inlineReferences(member, components)]),
  );
}
