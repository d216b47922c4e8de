/** The simulator's HTTP server: every route, and nothing that listens. */
import fastify, { type FastifyInstance } from 'fastify';
import { z } from 'zod';
import { agreementMetadata, createOrder, customerAgreements, directSignedStatus } from './agreement-reads';
import { createAgreement } from './agreements';
import { attestationStatus, createAttestation } from './attestations';
import { auditRecords } from './audit-records';
import { acceptComponent, showComponent } from './component';
import { ControlError, registerControl } from './control';
import { receiveEvent } from './crm';
import { issueTokenV1, issueTokenV2 } from './entra';
import { serveOn } from './serve';
import type { World } from './world';

const DIRECT_SIGNED_STATUS = 'directSignedMicrosoftCustomerAgreementStatus';

/** `closing` is aborted when the server is about to go: calls held back by a fault then end uncommitted. */
export function buildSimulator(world: World, closing: AbortSignal): FastifyInstance {
  // Closing cuts open sockets: a hanging fault or an idle keep-alive connection would hold the server for a minute.
  const app = fastify({ forceCloseConnections: true, routerOptions: { ignoreTrailingSlash: true } });
  // Bodies stay text: the journal keeps them as they came, and each service reads and refuses them in its own way.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
  app.setErrorHandler((error, _request, reply) => {
    const problem = problemOf(error);
    return reply.code(problem.status).type('application/problem+json').send(problem);
  });
  app.setNotFoundHandler((request, reply) => {
    const title = `The simulator has no ${request.method} ${request.url.split('?')[0]}.`;
    return reply.code(404).type('application/problem+json').send({ type: 'about:blank', title, status: 404 });
  });

  const serve = serveOn(app, world, closing);
  serve('token', 'POST', '/:tenant/oauth2/v2.0/token', issueTokenV2);
  serve('token', 'POST', '/:tenant/oauth2/token', issueTokenV1);
  serve('createAttestation', 'POST', '/v1/attestations/enhanced', createAttestation);
  serve('attestationStatus', 'GET', '/v1/attestations/enhanced/:attestationId', attestationStatus);
  serve('createAgreement', 'POST', '/v1/customers/:customerId/agreements', createAgreement);
  serve('customerAgreements', 'GET', '/v1/customers/:customerId/agreements', customerAgreements);
  serve('directSignedStatus', 'GET', `/v1/customers/:customerId/${DIRECT_SIGNED_STATUS}`, directSignedStatus);
  serve('createOrder', 'POST', '/v1/customers/:customerId/orders', createOrder);
  serve('agreementMetadata', 'GET', '/v1/agreements', agreementMetadata);
  serve('auditRecords', 'GET', '/v1/auditrecords', auditRecords);
  serve('component', 'GET', '/mca', showComponent);
  serve('acceptance', 'POST', '/mca/accept', acceptComponent);
  serve('crmEvent', 'POST', '/crm/events', receiveEvent);
  void app.register((control, _options, done) => {
    registerControl(control, world);
    done();
  });
  return app;
}

interface Problem {
  type: 'about:blank';
  title: string;
  status: number;
  /** Member → what is wrong with it. */
  errors?: Record<string, string[]>;
}

function problemOf(error: unknown): Problem {
  if (error instanceof z.ZodError) {
    return {
      type: 'about:blank',
      title: 'The request has unknown or wrong members.',
      status: 400,
      errors: membersOf(error),
    };
  }
  const status = error instanceof ControlError ? error.status : ((error as { statusCode?: number }).statusCode ?? 500);
  return { type: 'about:blank', title: error instanceof Error ? error.message : String(error), status };
}

function membersOf(error: z.ZodError): Record<string, string[]> {
  const errors: Record<string, string[]> = {};
  for (const issue of error.issues) {
    const names = issue.code === 'unrecognized_keys' ? issue.keys : [''];
    for (const name of names) {
      const member = [...issue.path, name].filter((part) => part !== '').join('.') || 'body';
      (errors[member] ??= []).push(issue.code === 'unrecognized_keys' ? 'There is no such member.' : issue.message);
    }
  }
  return errors;
}
