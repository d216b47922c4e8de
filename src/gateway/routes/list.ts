import type { OnboardingFilter } from '../../client/listing';
import { type Api, problemsOfRead } from '../api';
import type { Caller } from '../api-keys';
import { callerOf } from '../authentication';
import { cursorOf, tokenIn } from '../cursor';
import type { GatewayDependencies } from '../dependencies';
import { ProblemError } from '../problem';
import { listQuerySchema, listSchema } from '../schemas/list';
import { withinDeadline } from '../temporal-calls';
import { invalidRequest } from '../validation';

export function addListRoute(api: Api, { onboardings: client }: GatewayDependencies): void {
  api.route({
    method: 'GET',
    url: '/v1/onboardings',
    schema: {
      operationId: 'listOnboardings',
      summary: 'Onboardings, the newest first',
      description: 'A change shows after a moment. A deal that was restarted is listed once for each attempt.',
      querystring: listQuerySchema,
      response: {
        200: { description: 'One page.', content: { 'application/json': { schema: listSchema } } },
        ...problemsOfRead('invalid-request', 'other-reseller'),
      },
    },
    handler: (call) =>
      withinDeadline(client, async () => {
        const { pageSize, cursor, ...asked } = call.query;
        const filter = forCaller(asked, callerOf(call));
        const token = cursor === undefined ? undefined : tokenIn(cursor);
        if (cursor !== undefined && token === undefined) throw unknownCursor();
        const { onboardings, next } = await client.listPage(filter, { pageSize, ...(token && { cursor: token }) });
        return {
          onboardings: onboardings.map(({ runId: _internal, ...listed }) => listed),
          ...(next && { nextCursor: cursorOf(next) }),
        };
      }),
  });
}

/** A key of one reseller lists that reseller's deals, whatever it asks for. */
function forCaller(filter: OnboardingFilter, { resellerId }: Caller): OnboardingFilter {
  if (resellerId === undefined) return filter;
  if (filter.resellerId !== undefined && filter.resellerId !== resellerId) {
    throw new ProblemError('other-reseller', `This API key sees deals of ${resellerId} only.`);
  }
  return { ...filter, resellerId };
}

function unknownCursor(): ProblemError {
  return invalidRequest([{ parameter: 'cursor', detail: 'must be nextCursor of an answer' }]);
}
