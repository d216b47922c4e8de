/** The control API under `/simulator`: tests and people change the simulator and read what it received. */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { faultPlanSchema } from './faults';
import type { JournalEntry } from './journal';
import type { Simulation } from './simulation';
import type { Attestation } from './store';
import { patchSwitches } from './switches';

const clockSchema = z
  .strictObject({ offsetMs: z.number().optional(), now: z.iso.datetime({ offset: true }).optional() })
  .refine(({ offsetMs, now }) => (offsetMs === undefined) !== (now === undefined), {
    error: 'give either offsetMs or now',
  });
const acceptanceSchema = z.strictObject({ attestationId: z.guid().optional() });
const credentialsSchema = z.strictObject({ clientSecret: z.string().min(1) });
const customerSchema = z.strictObject({ directSignedAt: z.iso.datetime({ offset: true }).nullable() });
const journalQuerySchema = z.strictObject({ operation: z.string().optional(), customerId: z.string().optional() });

/** A refusal of a control call, answered as `application/problem+json`. */
class ControlError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export function registerControl(app: FastifyInstance, simulation: Simulation): void {
  app.addHook('onSend', (request, _reply, _payload, done) => {
    if (request.method !== 'GET') simulation.onChange();
    done();
  });
  app.get('/healthz', () => ({ status: 'ok' }));

  app.put('/simulator/faults', (request) => {
    const body = parseBody(request.body);
    simulation.faults.replace(faultPlanSchema.parse(Array.isArray(body) ? { script: body } : body));
    return simulation.faults.remaining();
  });
  app.get('/simulator/faults', () => simulation.faults.remaining());

  app.get('/simulator/journal', (request): JournalEntry[] =>
    simulation.journal.entries(journalQuerySchema.parse(request.query)),
  );
  app.delete('/simulator/journal', (_request, reply) => {
    simulation.journal.clear();
    return reply.code(204).send();
  });
  app.get('/simulator/crm-events', () => simulation.crmEvents.entries());

  app.get('/simulator/agreements', () => summarizeAgreements(simulation));
  app.get('/simulator/attestations', () =>
    [...simulation.store.attestations.values()].map((attestation) => toShownAttestation(simulation, attestation)),
  );
  app.post('/simulator/acceptances', (request) => {
    const { attestationId } = acceptanceSchema.parse(parseBody(request.body));
    return accept(simulation, attestationId?.toLowerCase());
  });
  app.put<{ Params: { customerId: string } }>('/simulator/customers/:customerId', (request) => {
    const { directSignedAt } = customerSchema.parse(parseBody(request.body));
    const customerId = request.params.customerId.toLowerCase();
    if (directSignedAt === null) simulation.store.directAcceptances.delete(customerId);
    else simulation.store.directAcceptances.set(customerId, Date.parse(directSignedAt));
    return { customerId, directSignedAt };
  });

  app.get('/simulator/switches', () => simulation.switches);
  app.put('/simulator/switches', (request) => {
    simulation.switches = patchSwitches(simulation.switches, parseBody(request.body));
    return simulation.switches;
  });
  app.get('/simulator/clock', () => describeClock(simulation));
  app.put('/simulator/clock', (request) => {
    const { now, offsetMs = 0 } = clockSchema.parse(parseBody(request.body));
    simulation.clock.offsetMs = now === undefined ? offsetMs : Date.parse(now) - Date.now();
    return describeClock(simulation);
  });

  app.post('/simulator/credentials', (request) => {
    simulation.changeSecret(credentialsSchema.parse(parseBody(request.body)).clientSecret);
    return { tenantId: simulation.credentials.tenantId, clientId: simulation.credentials.clientId };
  });
  app.post('/simulator/tokens/revoke', (_request, reply) => {
    simulation.tokens.revokeAll();
    return reply.code(204).send();
  });
  app.post('/simulator/reset', (_request, reply) => {
    simulation.reset();
    return reply.code(204).send();
  });
}

/** An empty body is an empty object. */
function parseBody(raw: unknown): unknown {
  if (typeof raw !== 'string' || raw === '') return {};
  try {
    return JSON.parse(raw);
  } catch {
    throw new ControlError(400, 'The body is not valid JSON.');
  }
}

function describeClock(simulation: Simulation): object {
  return { now: new Date(simulation.clock.now()).toISOString(), offsetMs: simulation.clock.offsetMs };
}

function accept(simulation: Simulation, attestationId: string | undefined): object {
  const now = simulation.clock.now();
  const all = [...simulation.store.attestations.values()];
  const attestation =
    attestationId === undefined
      ? all.findLast((candidate) => candidate.acceptedAt === null && candidate.expiresAt > now)
      : simulation.store.attestations.get(attestationId);
  if (!attestation) {
    throw new ControlError(
      404,
      attestationId === undefined
        ? 'There is no attestation that is waiting for an acceptance.'
        : `There is no attestation ${attestationId}.`,
    );
  }
  if (attestation.acceptedAt === null && attestation.expiresAt <= now) {
    throw new ControlError(409, `The attestation ${attestation.id} has expired.`);
  }
  attestation.acceptedAt ??= now;
  return { attestationId: attestation.id, acceptedAt: toIso(attestation.acceptedAt) };
}

function toShownAttestation(simulation: Simulation, attestation: Attestation): object {
  return {
    ...attestation,
    createdAt: toIso(attestation.createdAt),
    expiresAt: toIso(attestation.expiresAt),
    acceptedAt: toIso(attestation.acceptedAt),
    expired: attestation.expiresAt <= simulation.clock.now(),
  };
}

function toIso(epochMs: number | null): string | null {
  return epochMs === null ? null : new Date(epochMs).toISOString();
}

function summarizeAgreements(simulation: Simulation): object {
  const customers: Record<string, object[]> = {};
  const commitsPerAttestation: Record<string, number> = {};
  const agreements = simulation.store.getAllAgreements();
  for (const agreement of agreements) {
    const { createdAt, dateAgreed, attestationId } = agreement;
    (customers[agreement.customerId] ??= []).push({
      ...agreement,
      dateAgreed: toIso(dateAgreed),
      createdAt: toIso(createdAt),
    });
    if (attestationId) commitsPerAttestation[attestationId] = (commitsPerAttestation[attestationId] ?? 0) + 1;
  }
  return {
    total: agreements.length,
    customers,
    commitsPerAttestation,
    createdTwice: Object.keys(commitsPerAttestation).filter((id) => (commitsPerAttestation[id] ?? 0) > 1),
  };
}

interface Problem {
  type: 'about:blank';
  title: string;
  status: number;
  /** Member → problems. */
  errors?: Record<string, string[]>;
}

/** The answer to an error of a control call; a ZodError names every wrong member. */
export function toProblem(error: unknown): Problem {
  if (error instanceof z.ZodError) {
    return {
      type: 'about:blank',
      title: 'The request has unknown or wrong members.',
      status: 400,
      errors: listMembers(error),
    };
  }
  const status = error instanceof ControlError ? error.status : ((error as { statusCode?: number }).statusCode ?? 500);
  return { type: 'about:blank', title: error instanceof Error ? error.message : String(error), status };
}

function listMembers(error: z.ZodError): Record<string, string[]> {
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
