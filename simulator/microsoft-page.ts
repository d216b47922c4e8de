/** Microsoft's page for the customer's acceptance, which partners embed. It needs no token: the attestation's id is the secret. */
import type { Answer, Call } from './operations';
import type { Simulation } from './simulation';
import type { Attestation } from './store';

/** `GET /mca/?attestationid=…`. */
export function showPage(simulation: Simulation, call: Call): Answer {
  return answerWithPage(simulation, call.query['attestationid']);
}

/** `POST /mca/accept` with a form or JSON; accepting twice has no effect. */
export function acceptOnPage(simulation: Simulation, call: Call): Answer {
  const id = parseAttestationId(call);
  const attestation = simulation.store.attestations.get(id?.toLowerCase() ?? '');
  const now = simulation.clock.now();
  const accepts = attestation !== undefined && now < attestation.expiresAt && attestation.acceptedAt === null;
  if (accepts) attestation.acceptedAt = now;
  return { ...answerWithPage(simulation, id), committed: accepts };
}

function answerWithPage(simulation: Simulation, id: string | undefined): Answer {
  const { switches } = simulation;
  const view = getView(simulation, id);
  const status =
    view.state === 'expired' ? switches.expiredPageStatus : view.state === 'unknown' ? switches.unknownPageStatus : 200;
  const { frameAncestors } = switches;
  const policy: Record<string, string> =
    frameAncestors === null ? {} : { 'content-security-policy': `frame-ancestors ${frameAncestors}` };
  return { status, headers: { 'cache-control': 'no-store', ...policy }, body: renderPage(view) };
}

/** After its expiry an attestation is shown as expired, even if it was accepted. */
function getView(simulation: Simulation, id: string | undefined): PageView {
  const attestation = simulation.store.attestations.get(id?.toLowerCase() ?? '');
  if (!attestation) return { state: 'unknown' };
  if (simulation.clock.now() >= attestation.expiresAt) return { state: 'expired' };
  const state = attestation.acceptedAt === null ? 'open' : 'accepted';
  return { state, attestation, notifyParent: simulation.switches.postMessage };
}

function parseAttestationId(call: Call): string | undefined {
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

type PageView =
  { state: 'open' | 'accepted'; attestation: Attestation; notifyParent: boolean } | { state: 'expired' | 'unknown' };

function renderPage(view: PageView): string {
  switch (view.state) {
    case 'open':
      return renderDocument(
        'Microsoft Customer Agreement (simulated)',
        `${renderAgreement(view.attestation)}
        <form method="post" action="/mca/accept">
          <input type="hidden" name="attestationid" value="${escapeHtml(view.attestation.id)}">
          <button type="submit">Accept Agreement</button>
        </form>`,
      );
    case 'accepted':
      return renderDocument(
        'Agreement accepted (simulated)',
        `<p role="status" class="accepted">You have accepted the agreement. You can close this page.</p>
        ${renderAgreement(view.attestation)}${view.notifyParent ? renderParentMessage(view.attestation.id) : ''}`,
      );
    case 'expired':
      return renderDocument('This link has expired', '<p>Ask your partner for a new one.</p>');
    case 'unknown':
      return renderDocument('This link is not valid', '<p>Ask your partner for a new one.</p>');
  }
}

function renderAgreement({ companyName, contact, country, language }: Attestation): string {
  return `<dl>
          <dt>Company</dt><dd>${escapeHtml(companyName)}</dd>
          <dt>Signatory</dt><dd>${escapeHtml(`${contact.firstName} ${contact.lastName}`)}</dd>
          <dt>Country and language of the document</dt><dd>${escapeHtml(country)}, ${escapeHtml(language)}</dd>
        </dl>
        <section aria-labelledby="agreement" tabindex="0" class="document">
          <h2 id="agreement">Simulated agreement text</h2>
          <p>This is a placeholder of the simulator. It is not Microsoft's agreement, and accepting it has no legal effect.</p>
        </section>`;
}

/** `attestationId` is a UUID that we generated, so it is safe inside a script. */
function renderParentMessage(attestationId: string): string {
  return `<script>parent.postMessage({ type: 'agreementAccepted', attestationId: '${attestationId}' }, '*')</script>`;
}

function renderDocument(title: string, content: string): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${title}</title>
    <style>
      body { font: 1rem/1.5 system-ui, sans-serif; margin: 1.5rem; color: #1b1a19; background: #fff; }
      main { max-width: 40rem; }
      dt { font-weight: 600; } dd { margin: 0 0 .5rem; }
      .document { border: 1px solid #605e5c; padding: 0 1rem; max-height: 16rem; overflow: auto; }
      .accepted { border-left: .25rem solid #0b6a0b; padding-left: .75rem; font-weight: 600; }
      button { margin-top: 1rem; padding: .75rem 1.5rem; font: inherit; color: #fff; background: #0f6cbd; border: 0; }
      :focus-visible { outline: 3px solid #1b1a19; outline-offset: 2px; }
    </style>
  </head>
  <body>
    <main>
      <h1>${title}</h1>
      ${content}
    </main>
  </body>
</html>
`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
