/** The embedded page in its four states: plain HTML that needs no script. */
import type { Attestation } from './store';

export type ComponentView =
  { state: 'open' | 'accepted'; attestation: Attestation; notifyParent: boolean } | { state: 'expired' | 'unknown' };

export function componentPage(view: ComponentView): string {
  switch (view.state) {
    case 'open':
      return page(
        'Microsoft Customer Agreement (simulated)',
        `${agreementFor(view.attestation)}
        <form method="post" action="/mca/accept">
          <input type="hidden" name="attestationid" value="${escape(view.attestation.id)}">
          <button type="submit">Accept Agreement</button>
        </form>`,
      );
    case 'accepted':
      return page(
        'Agreement accepted (simulated)',
        `<p role="status" class="accepted">You have accepted the agreement. You can close this page.</p>
        ${agreementFor(view.attestation)}${view.notifyParent ? parentMessage(view.attestation.id) : ''}`,
      );
    case 'expired':
      return page('This link has expired', '<p>Ask your partner for a new one.</p>');
    case 'unknown':
      return page('This link is not valid', '<p>Ask your partner for a new one.</p>');
  }
}

function agreementFor({ companyName, contact, country, language }: Attestation): string {
  return `<dl>
          <dt>Company</dt><dd>${escape(companyName)}</dd>
          <dt>Signatory</dt><dd>${escape(`${contact.firstName} ${contact.lastName}`)}</dd>
          <dt>Country and language of the document</dt><dd>${escape(country)}, ${escape(language)}</dd>
        </dl>
        <section aria-labelledby="agreement" tabindex="0" class="document">
          <h2 id="agreement">Simulated agreement text</h2>
          <p>This is a placeholder of the simulator. It is not Microsoft's agreement, and accepting it binds nobody.</p>
        </section>`;
}

/** `attestationId` is a UUID of our own making: safe inside a script. */
function parentMessage(attestationId: string): string {
  return `<script>parent.postMessage({ type: 'agreementAccepted', attestationId: '${attestationId}' }, '*')</script>`;
}

function page(title: string, content: string): string {
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

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
