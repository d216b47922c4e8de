export type Json = { [member: string]: unknown };

const SCHEMAS = '#/components/schemas/';

/**
 * The document without the components that nothing refers to (the generator writes each once for input and output), and
 * with answers that may gain members: what reads them must not refuse a new one.
 */
export function tidied(document: Json): Json {
  const components = document['components'] as Json;
  const schemas = components['schemas'] as Json;
  const used = new Set<string>();
  const visit = (value: unknown) => {
    for (const name of referencesIn(value)) {
      if (used.has(name)) continue;
      used.add(name);
      visit(schemas[name]);
    }
  };
  visit(document['paths']);
  const kept = Object.fromEntries(
    Object.entries(schemas).flatMap(([name, schema]) => (used.has(name) ? [[name, openToMembers(schema)]] : [])),
  );
  return { ...document, components: { ...components, schemas: kept } };
}

function openToMembers(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(openToMembers);
  if (typeof schema !== 'object' || schema === null) return schema;
  const members = Object.entries(schema).filter(
    ([name, value]) => !(name === 'additionalProperties' && value === false),
  );
  return Object.fromEntries(members.map(([name, value]) => [name, openToMembers(value)]));
}

function referencesIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, member]: [string, unknown]) =>
    name === '$ref' && typeof member === 'string' ? [member.slice(SCHEMAS.length)] : referencesIn(member),
  );
}
