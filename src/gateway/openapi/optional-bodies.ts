import type { Json } from './components';

/** The document in which these operations can be called without a body: the generator requires every body it finds. */
export function withOptionalBodies(document: Json, operationIds: ReadonlySet<string>): Json {
  const paths = Object.entries(document['paths'] as Json).map(([path, item]) => {
    const operations = Object.entries(item as Json).map(([method, operation]) => {
      const { operationId, requestBody } = operation as { operationId: string; requestBody?: Json };
      if (!operationIds.has(operationId)) return [method, operation];
      return [method, { ...(operation as Json), requestBody: { ...requestBody, required: false } }];
    });
    return [path, Object.fromEntries(operations) as Json];
  });
  return { ...document, paths: Object.fromEntries(paths) as Json };
}
