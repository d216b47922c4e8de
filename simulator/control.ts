/** The routes by which tests and people steer the simulator and look into it. */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { faultPlanSchema } from './faults';
import type { JournalEntry } from './journal';
import type { Attestation } from './store';
import { patchSwitches } from './switches';
import type { World } from './world';

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
export class ControlError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export function registerControl(app: FastifyInstance, world: World): void {
  app.addHook('onSend', (request, _reply, _payload, done) => {
    if (request.method !== 'GET') world.onChange();
    done();
  });
  app.get('/healthz', () => ({ status: 'ok' }));

  app.put('/simulator/faults', (request) => {
    const body = bodyOf(request.body);
    world.faults.replace(faultPlanSchema.parse(Array.isArray(body) ? { script: body } : body));
    return world.faults.remaining();
  });
  app.get('/simulator/faults', () => world.faults.remaining());

  app.get('/simulator/journal', (request): JournalEntry[] =>
    world.journal.entries(journalQuerySchema.parse(request.query)),
  );
  app.delete('/simulator/journal', (_request, reply) => {
    world.journal.clear();
    return reply.code(204).send();
  });
  app.get('/simulator/crm-events', () => world.crmEvents.entries());

  app.get('/simulator/agreements', () => agreementsCount(world));
  app.get('/simulator/attestations', () =>
    [...world.store.attestations.values()].map((attestation) => shown(world, attestation)),
  );
  app.post('/simulator/acceptances', (request) => {
    const { attestationId } = acceptanceSchema.parse(bodyOf(request.body));
    return accept(world, attestationId?.toLowerCase());
  });
  app.put<{ Params: { customerId: string } }>('/simulator/customers/:customerId', (request) => {
    const { directSignedAt } = customerSchema.parse(bodyOf(request.body));
    const customerId = request.params.customerId.toLowerCase();
    if (directSignedAt === null) world.store.directAcceptances.delete(customerId);
    else world.store.directAcceptances.set(customerId, Date.parse(directSignedAt));
    return { customerId, directSignedAt };
  });

  app.get('/simulator/switches', () => world.switches);
  app.put('/simulator/switches', (request) => {
    world.switches = patchSwitches(world.switches, bodyOf(request.body));
    return world.switches;
  });
  app.get('/simulator/clock', () => clockOf(world));
  app.put('/simulator/clock', (request) => {
    const { now, offsetMs = 0 } = clockSchema.parse(bodyOf(request.body));
    world.clock.offsetMs = now === undefined ? offsetMs : Date.parse(now) - Date.now();
    return clockOf(world);
  });

  app.post('/simulator/credentials', (request) => {
    world.changeSecret(credentialsSchema.parse(bodyOf(request.body)).clientSecret);
    return { tenantId: world.credentials.tenantId, clientId: world.credentials.clientId };
  });
  app.post('/simulator/tokens/revoke', (_request, reply) => {
    world.tokens.revokeAll();
    return reply.code(204).send();
  });
  app.post('/simulator/reset', (_request, reply) => {
    world.reset();
    return reply.code(204).send();
  });
}

/** An empty body counts as an empty object. */
function bodyOf(raw: unknown): unknown {
  if (typeof raw !== 'string' || raw === '') return {};
  try {
    return JSON.parse(raw);
  } catch {
    throw new ControlError(400, 'The body is not valid JSON.');
  }
}

function clockOf(world: World): object {
  return { now: new Date(world.clock.now()).toISOString(), offsetMs: world.clock.offsetMs };
}

function accept(world: World, attestationId: string | undefined): object {
  const now = world.clock.now();
  const all = [...world.store.attestations.values()];
  const attestation =
    attestationId === undefined
      ? all.findLast((candidate) => candidate.acceptedAt === null && candidate.expiresAt > now)
      : world.store.attestations.get(attestationId);
  if (!attestation) {
    throw new ControlError(
      404,
      attestationId === undefined
        ? 'There is no attestation that waits for its acceptance.'
        : `There is no attestation ${attestationId}.`,
    );
  }
  if (attestation.acceptedAt === null && attestation.expiresAt <= now) {
    throw new ControlError(409, `The attestation ${attestation.id} has expired.`);
  }
  attestation.acceptedAt ??= now;
  return { attestationId: attestation.id, acceptedAt: iso(attestation.acceptedAt) };
}

function shown(world: World, attestation: Attestation): object {
  return {
    ...attestation,
    createdAt: iso(attestation.createdAt),
    expiresAt: iso(attestation.expiresAt),
    acceptedAt: iso(attestation.acceptedAt),
    expired: attestation.expiresAt <= world.clock.now(),
  };
}

function iso(epochMs: number | null): string | null {
  return epochMs === null ? null : new Date(epochMs).toISOString();
}

function agreementsCount(world: World): object {
  const customers: Record<string, object[]> = {};
  const commitsPerAttestation: Record<string, number> = {};
  const agreements = world.store.allAgreements();
  for (const agreement of agreements) {
    const { createdAt, dateAgreed, attestationId } = agreement;
    (customers[agreement.customerId] ??= []).push({
      ...agreement,
      dateAgreed: iso(dateAgreed),
      createdAt: iso(createdAt),
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
