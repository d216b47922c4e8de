/** The page a partner embeds, and the acceptance its button sends. Neither asks who is calling: the id is the key. */
import { componentPage, type ComponentView } from './component-page';
import type { Answer, Call } from './operation';
import type { World } from './world';

/** `GET /mca/?attestationid=…`. */
export function showComponent(world: World, call: Call): Answer {
  return pageFor(world, call.query['attestationid']);
}

/** `POST /mca/accept` with a form or JSON; accepting twice is harmless. */
export function acceptComponent(world: World, call: Call): Answer {
  const id = acceptedId(call);
  const attestation = world.store.attestations.get(id?.toLowerCase() ?? '');
  const now = world.clock.now();
  const accepts = attestation !== undefined && now < attestation.expiresAt && attestation.acceptedAt === null;
  if (accepts) attestation.acceptedAt = now;
  return { ...pageFor(world, id), committed: accepts };
}

function pageFor(world: World, id: string | undefined): Answer {
  const { switches } = world;
  const view = viewOf(world, id);
  const status =
    view.state === 'expired' ? switches.expiredPageStatus : view.state === 'unknown' ? switches.unknownPageStatus : 200;
  const { frameAncestors } = switches;
  const policy: Record<string, string> =
    frameAncestors === null ? {} : { 'content-security-policy': `frame-ancestors ${frameAncestors}` };
  return { status, headers: { 'cache-control': 'no-store', ...policy }, body: componentPage(view) };
}

/** An attestation past its time is out of reach, accepted or not. */
function viewOf(world: World, id: string | undefined): ComponentView {
  const attestation = world.store.attestations.get(id?.toLowerCase() ?? '');
  if (!attestation) return { state: 'unknown' };
  if (world.clock.now() >= attestation.expiresAt) return { state: 'expired' };
  const state = attestation.acceptedAt === null ? 'open' : 'accepted';
  return { state, attestation, notifyParent: world.switches.postMessage };
}

function acceptedId(call: Call): string | undefined {
  if (call.headers['content-type']?.includes('json')) {
    try {
      const body = JSON.parse(call.rawBody) as Record<string, unknown> | null;
      const id = body?.['attestationId'] ?? body?.['attestationid'];
      return typeof id === 'string' ? id : undefined;
    } catch {
      return undefined;
    }
  }
  const form = new URLSearchParams(call.rawBody);
  return form.get('attestationid') ?? form.get('attestationId') ?? undefined;
}
