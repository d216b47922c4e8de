/** The API's description in OpenAPI 3.1, made from the schemas of its routes. */
import swagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import type { z } from 'zod';
import { getProductVersion } from '../process/version';

type Json = { [member: string]: unknown };
type Operation = { operationId: string; requestBody?: Json };

const SCHEMAS = '#/components/schemas/';

const DESCRIPTION = `Brings customers of a CSP partner onto the Microsoft Customer Agreement: one call when a deal closes, one link for the signatory, and signed events until the onboarding has ended.

Errors are RFC 9457 problems (application/problem+json); branch on \`type\`. Every answer carries X-Correlation-Id; send your own to find the same call in both logs.`;

/** Collects the routes that are added to `app` from now on. The document can be built once the app is ready. */
export function describeApi(app: FastifyInstance): () => Json {
  const canLackBody = new Set<string>();
  void app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Agreement onboarding', version: getProductVersion(), description: DESCRIPTION },
      servers: [{ url: '/' }],
      security: [{ bearer: [] }, { apiKey: [] }],
      components: {
        securitySchemes: {
          bearer: { type: 'http', scheme: 'bearer', description: 'Authorization: Bearer, followed by the API key.' },
          apiKey: {
            type: 'apiKey',
            in: 'header',
            name: 'X-API-Key',
            description: 'For callers that can only send fixed headers.',
          },
        },
      },
    },
    transform: (route) => {
      const { body, operationId } = route.schema ?? {};
      if (operationId !== undefined && (body as z.ZodType | undefined)?.safeParse(undefined).success) {
        canLackBody.add(operationId);
      }
      return jsonSchemaTransform(route);
    },
    transformObject: jsonSchemaTransformObject,
  });
  let document: Json | undefined;
  return () => (document ??= tidy(makeBodiesOptional(structuredClone(app.swagger()) as unknown as Json, canLackBody)));
}

/** Makes the bodies of these operations optional; the generator requires every body it finds. */
function makeBodiesOptional(document: Json, operationIds: ReadonlySet<string>): Json {
  const paths = document['paths'] as Record<string, Record<string, Operation>>;
  for (const { operationId, requestBody } of Object.values(paths).flatMap((item) => Object.values(item))) {
    if (requestBody !== undefined && operationIds.has(operationId)) requestBody['required'] = false;
  }
  return document;
}

/**
 * Drops the components that nothing refers to (the generator writes each once for input and output), and allows further
 * members in answers, so that a generated client does not refuse a new one.
 */
function tidy(document: Json): Json {
  const components = document['components'] as Json;
  const schemas = components['schemas'] as Json;
  const used = new Set<string>();
  const visit = (value: unknown) => {
    for (const name of findReferences(value)) {
      if (used.has(name)) continue;
      used.add(name);
      visit(schemas[name]);
    }
  };
  visit(document['paths']);
  const kept = Object.fromEntries(
    Object.entries(schemas).flatMap(([name, schema]) => (used.has(name) ? [[name, allowFurtherMembers(schema)]] : [])),
  );
  return { ...document, components: { ...components, schemas: kept } };
}

function allowFurtherMembers(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(allowFurtherMembers);
  if (typeof schema !== 'object' || schema === null) return schema;
  const members = Object.entries(schema).filter(
    ([name, value]) => !(name === 'additionalProperties' && value === false),
  );
  return Object.fromEntries(members.map(([name, value]) => [name, allowFurtherMembers(value)]));
}

function findReferences(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, member]: [string, unknown]) =>
    name === '$ref' && typeof member === 'string' ? [member.slice(SCHEMAS.length)] : findReferences(member),
  );
}
