import type { FastifyInstance } from 'fastify';
import { asApi } from '../api';
import type { GatewayDependencies } from '../dependencies';
import { addAcceptanceRoute } from './acceptance';
import { addDeclineRoute } from './decline';
import { addFrameRoute } from './frame';
import { addLinkRoute } from './link';
import { addListRoute } from './list';
import { addOperatorRoutes } from './operator';
import { addRestartRoute } from './restart';
import { addStartRoute } from './start';
import { addViewRoute } from './view';

/** Everything under /v1/onboardings. */
export function registerOnboardingRoutes(scope: FastifyInstance, deps: GatewayDependencies): void {
  const api = asApi(scope);
  addStartRoute(api, deps);
  addListRoute(api, deps);
  addViewRoute(api, deps);
  addRestartRoute(api, deps);
  addAcceptanceRoute(api, deps);
  addFrameRoute(api, deps);
  addLinkRoute(api, deps);
  addDeclineRoute(api, deps);
  addOperatorRoutes(api, deps);
}
