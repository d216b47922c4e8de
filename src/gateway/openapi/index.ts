import swagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import type { z } from 'zod';
import { productVersion } from '../../process/version';
import { type Json, tidied } from './components';
import { withOptionalBodies } from './optional-bodies';
import { toSwagger2 } from './swagger-2';

/** The API's description, made from the schemas of its routes. */
export interface ApiDescription {
  /** OpenAPI 3.1. */
  version31(): Json;
  /** Swagger 2.0, for Power Automate's custom connectors and Salesforce's External Services. */
  version20(): Json;
}

const DESCRIPTION = `Brings customers of a CSP partner onto the Microsoft Customer Agreement: one call when a deal closes, one link for the signatory, one signed event when it is settled.

Errors are RFC 9457 problems (application/problem+json); branch on \`type\`. Every answer carries X-Correlation-Id; send your own, and both logs speak of the same call.`;

/** Collects the routes that are added to `app` from now on. The documents can be had once the app is ready. */
export function describeApi(app: FastifyInstance): ApiDescription {
  const canLackBody = new Set<string>();
  void app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Agreement onboarding', version: productVersion(), description: DESCRIPTION },
      servers: [{ url: '/' }],
      security: [{ bearer: [] }, { apiKey: [] }],
      components: {
        securitySchemes: {
          bearer: { type: 'http', scheme: 'bearer', description: 'Authorization: Bearer and the API key.' },
          apiKey: { type: 'apiKey', in: 'header', name: 'X-API-Key', description: 'For callers with fixed headers.' },
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
  const version31 = () => (document ??= tidied(withOptionalBodies(app.swagger() as unknown as Json, canLackBody)));
  let converted: Json | undefined;
  return { version31, version20: () => (converted ??= toSwagger2(version31())) };
}
