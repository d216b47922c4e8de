import type { Json } from './components';

/** Members of a schema that Swagger 2.0 knows, beside those that are converted. */
const KEPT = [
  'type',
  'format',
  'title',
  'description',
  'default',
  'enum',
  'pattern',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'required',
  'readOnly',
] as const;

const METHODS = ['get', 'post', 'put', 'patch', 'delete'];

/**
 * An OpenAPI 3.1 document as Swagger 2.0, which is all that Power Automate's custom connectors read. What 2.0 cannot say
 * (names of members, alternatives) is left out: the gateway checks it all the same.
 */
export function toSwagger2(document: Json): Json {
  const components = document['components'] as Json;
  return {
    swagger: '2.0',
    info: document['info'],
    basePath: '/',
    schemes: ['https', 'http'],
    consumes: ['application/json'],
    produces: ['application/json', 'application/problem+json'],
    securityDefinitions: { apiKey: { type: 'apiKey', in: 'header', name: 'X-API-Key' } },
    security: [{ apiKey: [] }],
    paths: mapped(document['paths'] as Json, pathItemOf),
    definitions: mapped(components['schemas'] as Json, schemaOf),
  };
}

function pathItemOf(item: unknown): Json {
  const operations = Object.entries(item as Json).filter(([method]) => METHODS.includes(method));
  return Object.fromEntries(operations.map(([method, operation]) => [method, operationOf(operation as Json)]));
}

function operationOf({ operationId, summary, description, parameters, requestBody, responses }: Json): Json {
  const all = [...((parameters ?? []) as Json[]).map(parameterOf), ...bodyParameters(requestBody as Json | undefined)];
  return {
    operationId,
    summary,
    ...(description !== undefined && { description }),
    ...(all.length > 0 && { parameters: all }),
    responses: mapped(responses as Json, responseOf),
  };
}

function parameterOf({ name, in: place, required, description, schema }: Json): Json {
  return {
    name,
    in: place,
    required: required === true || place === 'path',
    ...(description !== undefined && { description }),
    ...schemaOf(schema),
  };
}

function bodyParameters(requestBody: Json | undefined): Json[] {
  if (requestBody === undefined) return [];
  return [
    {
      name: 'body',
      in: 'body',
      required: requestBody['required'] === true,
      schema: schemaOf(contentSchema(requestBody)),
    },
  ];
}

function responseOf(response: unknown): Json {
  const { description } = response as Json;
  const schema = contentSchema(response as Json);
  return { description: description ?? '', ...(schema !== undefined && { schema: schemaOf(schema) }) };
}

function contentSchema({ content }: Json): unknown {
  const [media] = Object.values((content ?? {}) as Record<string, { schema?: unknown }>);
  return media?.schema;
}

function schemaOf(schema: unknown): Json {
  const from = (schema ?? {}) as Json;
  if (typeof from['$ref'] === 'string')
    return { $ref: from['$ref'].replace('#/components/schemas/', '#/definitions/') };
  const alternatives = (from['anyOf'] ?? from['oneOf']) as Json[] | undefined;
  const [first] = alternatives?.filter(({ type }) => type !== 'null') ?? [];
  if (first !== undefined) {
    const { description } = from;
    return { type: schemaOf(first)['type'], ...(description !== undefined && { description }) };
  }
  return {
    ...Object.fromEntries(KEPT.filter((name) => from[name] !== undefined).map((name) => [name, from[name]])),
    ...('const' in from && { type: typeof from['const'], enum: [from['const']] }),
    ...bound(from, 'minimum', 'exclusiveMinimum'),
    ...bound(from, 'maximum', 'exclusiveMaximum'),
    ...(from['items'] !== undefined && { items: schemaOf(from['items']) }),
    ...(from['properties'] !== undefined && { properties: mapped(from['properties'] as Json, schemaOf) }),
    ...additional(from['additionalProperties']),
  };
}

/** A limit that excludes its own value is a number of its own in 3.1, and a flag beside the limit in 2.0. */
function bound(from: Json, limit: string, exclusive: string): Json {
  if (typeof from[exclusive] === 'number') return { [limit]: from[exclusive], [exclusive]: true };
  return typeof from[limit] === 'number' ? { [limit]: from[limit] } : {};
}

/** An object that takes any further member says so by saying nothing. */
function additional(value: unknown): Json {
  if (value === undefined || value === true) return {};
  if (value === false) return { additionalProperties: false };
  return Object.keys(value as Json).length === 0 ? {} : { additionalProperties: schemaOf(value) };
}

function mapped(members: Json, convert: (member: unknown) => Json): Json {
  return Object.fromEntries(Object.entries(members).map(([name, member]) => [name, convert(member)]));
}
