type Json = { [member: string]: unknown };

/** Members of a schema that Swagger 2.0 has too and that are copied unchanged. */
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
 * Converts an OpenAPI 3.1 document to Swagger 2.0, the only version that Power Automate's custom connectors read. What
 * 2.0 cannot express (names of members, alternatives) is omitted; the gateway still checks it. Written by hand, because no
 * converter from 3.1 to 2.0 is maintained.
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
    paths: mapMembers(document['paths'] as Json, toPathItem),
    definitions: mapMembers(components['schemas'] as Json, toSchema),
  };
}

function toPathItem(item: unknown): Json {
  const operations = Object.entries(item as Json).filter(([method]) => METHODS.includes(method));
  return Object.fromEntries(operations.map(([method, operation]) => [method, toOperation(operation as Json)]));
}

function toOperation({ operationId, summary, description, parameters, requestBody, responses }: Json): Json {
  const all = [
    ...((parameters ?? []) as Json[]).map(toParameter),
    ...toBodyParameters(requestBody as Json | undefined),
  ];
  return {
    operationId,
    summary,
    description,
    parameters: all.length > 0 ? all : undefined,
    responses: mapMembers(responses as Json, toResponse),
  };
}

function toParameter({ name, in: place, required, description, schema }: Json): Json {
  return {
    name,
    in: place,
    required: required === true || place === 'path',
    description,
    ...toSchema(schema),
  };
}

function toBodyParameters(requestBody: Json | undefined): Json[] {
  if (requestBody === undefined) return [];
  return [
    {
      name: 'body',
      in: 'body',
      required: requestBody['required'] === true,
      schema: toSchema(getContentSchema(requestBody)),
    },
  ];
}

function toResponse(response: unknown): Json {
  const { description } = response as Json;
  const schema = getContentSchema(response as Json);
  return { description: description ?? '', ...(schema !== undefined && { schema: toSchema(schema) }) };
}

function getContentSchema({ content }: Json): unknown {
  const [media] = Object.values((content ?? {}) as Record<string, { schema?: unknown }>);
  return media?.schema;
}

function toSchema(schema: unknown): Json {
  const from = (schema ?? {}) as Json;
  if (typeof from['$ref'] === 'string')
    return { $ref: from['$ref'].replace('#/components/schemas/', '#/definitions/') };
  const alternatives = (from['anyOf'] ?? from['oneOf']) as Json[] | undefined;
  const [first] = alternatives?.filter(({ type }) => type !== 'null') ?? [];
  if (first !== undefined) {
    const { description } = from;
    return { type: toSchema(first)['type'], ...(description !== undefined && { description }) };
  }
  return {
    ...Object.fromEntries(KEPT.filter((name) => from[name] !== undefined).map((name) => [name, from[name]])),
    ...('const' in from && { type: typeof from['const'], enum: [from['const']] }),
    ...toLimit(from, 'minimum', 'exclusiveMinimum'),
    ...toLimit(from, 'maximum', 'exclusiveMaximum'),
    ...(from['items'] !== undefined && { items: toSchema(from['items']) }),
    ...(from['properties'] !== undefined && { properties: mapMembers(from['properties'] as Json, toSchema) }),
    ...toAdditionalProperties(from['additionalProperties']),
  };
}

/** In 3.1 an exclusive limit is a number; in 2.0 it is a flag that applies to `minimum` or `maximum`. */
function toLimit(from: Json, limit: string, exclusive: string): Json {
  if (typeof from[exclusive] === 'number') return { [limit]: from[exclusive], [exclusive]: true };
  return typeof from[limit] === 'number' ? { [limit]: from[limit] } : {};
}

/** By default a schema allows additional members. */
function toAdditionalProperties(value: unknown): Json {
  if (value === undefined || value === true) return {};
  if (value === false) return { additionalProperties: false };
  return Object.keys(value as Json).length === 0 ? {} : { additionalProperties: toSchema(value) };
}

function mapMembers(members: Json, convert: (member: unknown) => Json): Json {
  return Object.fromEntries(Object.entries(members).map(([name, member]) => [name, convert(member)]));
}
