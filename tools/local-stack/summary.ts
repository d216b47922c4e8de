import type { StackSettings } from './settings';

const WORKFLOW_QUERY = encodeURIComponent('WorkflowType="agreementOnboarding"');

/** What to open and what to type, once the stack is up. `dealId` is the example's. */
export function readySummary({ ports, temporalIsAtDefault }: StackSettings, dealId: string): string {
  const simulator = `http://127.0.0.1:${ports.simulator.number}`;
  const temporalUi = `http://127.0.0.1:${ports.temporalUi.number}`;
  const gateway = `http://127.0.0.1:${ports.gateway.number}`;
  const cli = `npm run cli --${temporalIsAtDefault ? '' : ' --env-file .local/stack.env'}`;
  return `
Ready.
  Onboardings in the Temporal UI   ${temporalUi}/namespaces/default/workflows?query=${WORKFLOW_QUERY}
  Temporal server                  127.0.0.1:${ports.temporal.number}
  Gateway                          ${gateway} (described by ${gateway}/openapi.json)
  Partner Center simulator         ${simulator}
  Logs                             .local/logs/
  Environment                      .local/stack.env

Try it, in another terminal:
  # a deal closes in the CRM: the example of Microsoft's page; prints the signatory's link, to be opened in a browser
  curl -sS ${gateway}/v1/onboardings -H "Authorization: Bearer $(sed -n 's/^GATEWAY_API_KEY=//p' .local/stack.env)" \\
    -H 'content-type: application/json' -d @examples/microsoft-example.json |
    node -p 'JSON.parse(require("fs").readFileSync(0, "utf8")).acceptanceUrl'

  # or without a browser: the customer selects Accept Agreement, then that is reported
  curl -fsS --retry 5 --retry-all-errors -X POST ${simulator}/simulator/acceptances -H 'content-type: application/json' -d '{}' && ${cli} accept ${dealId}

  # where it stands
  ${cli} status ${dealId}

  # does everything reach everything
  npm run cli -- --env-file .local/stack.env doctor

Ctrl-C ends all of it; what it knows is kept in .local for the next start.`;
}
