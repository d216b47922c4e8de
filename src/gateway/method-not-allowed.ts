import type { FastifyInstance } from 'fastify';
import { ProblemError } from './problem';

/** Notes the routes that `scope` gets from now on; the function returned answers 405 on them for every other method. */
export function answerEveryMethod(scope: FastifyInstance): () => void {
  const known = new Map<string, Set<string>>();
  let isComplete = false;
  scope.addHook('onRoute', ({ url, method }) => {
    if (isComplete) return;
    const methods = known.get(url) ?? new Set();
    known.set(url, methods);
    for (const each of [method].flat()) methods.add(each);
  });
  return () => {
    isComplete = true;
    for (const [url, methods] of known) {
      const allow = [...methods].join(', ');
      scope.route({
        url,
        method: scope.supportedMethods.filter((method) => !methods.has(method)),
        schema: { hide: true },
        onRequest: async () => {
          throw new ProblemError('method-not-allowed', `It has ${allow}.`, {}, { allow });
        },
        handler: async () => undefined,
      });
    }
  };
}
