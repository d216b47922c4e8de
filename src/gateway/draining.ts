import type { FastifyInstance } from 'fastify';

/** Longer than any answer but a renewal takes, shorter than what supervisors allow; what still hangs then is cut off. */
const CLOSE_WITHIN_MS = 8_000;

/**
 * Has `close()` answer every request that is on its way, and end soon after: a connection kept alive would go idle after
 * the sweep of idle ones and hold the server for its whole keep-alive time.
 */
export function drainOnClose(app: FastifyInstance): { isDraining: () => boolean } {
  let draining = false;
  app.addHook('preClose', (done) => {
    draining = true;
    setTimeout(() => app.server.closeAllConnections(), CLOSE_WITHIN_MS).unref();
    done();
  });
  app.addHook('onSend', async (_request, reply) => {
    if (draining) void reply.header('connection', 'close');
  });
  return { isDraining: () => draining };
}
