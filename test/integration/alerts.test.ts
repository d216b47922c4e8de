/** ops/alerts.yml against the metrics of a real worker and a real gateway: a rule on a missing series never fires. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { reservePort } from '../../tools/test-bed/ports';
import type { OnboardingRequest } from '../../src/onboarding/request';
import { eventually } from '../support/eventually';
import { attestedRequest } from '../support/requests';
import { TestStack } from '../support/test-stack';
import { runCommandLineInProcess } from '../support/command-line';
import { keys } from '../support/test-gateway';

interface Rule {
  alert: string;
  expr: string;
  for?: string;
  labels: { severity: string };
  annotations: { summary: string; description: string; runbook_url: string };
}

interface Series {
  name: string;
  labels: ReadonlyMap<string, string>;
}

const TASK_QUEUE = 'agreement-onboarding'; // the rules contain this name
const ROOT = join(__dirname, '../..');
const { groups } = parse(readFileSync(join(ROOT, 'ops/alerts.yml'), 'utf8')) as { groups: { rules: Rule[] }[] };
const rules = groups.flatMap((group) => group.rules);

let stack: TestStack;
let served: Series[];

beforeAll(async () => {
  stack = await TestStack.start({ server: 'dev', simulator: true, taskQueue: TASK_QUEUE });
  served = await collectSeries();
}, 120_000);
afterAll(() => stack?.close());

/** Makes everything that a rule counts happen once, and returns the series that both processes then serve. */
async function collectSeries(): Promise<Series[]> {
  const metricsAddress = `127.0.0.1:${await reservePort()}`;
  await stack.startWorkerProcess({ METRICS_ADDRESS: metricsAddress });
  const { url } = await stack.startGatewayProcess();
  const list = () => fetch(`${url}/v1/onboardings`, { headers: { 'x-api-key': keys.crm } });

  await stack.control.send('PUT', '/simulator/faults', [
    { on: 'createAttestation', status: 429, retryAfter: 1 },
    { on: 'createAgreement', status: 429, retryAfter: 1 },
  ]);
  const started = await stack.startOnboarding(attestedRequest({ callbackUrl: 'https://crm.example/' }));
  await stack.untilStatus(started, 'awaitingAcceptance');
  await stack.control.accept();
  await started.signal('customerAccepted');
  await started.result();
  await expect((await stack.startOnboarding({} as OnboardingRequest)).result()).rejects.toThrow();
  await stack.server.client.workflow.start('ofTomorrow', { workflowId: 'tomorrow', taskQueue: TASK_QUEUE });
  await list();
  const workers = await waitForMetrics(`http://${metricsAddress}/metrics`, 'temporal_workflow_task_execution_failed');
  const gateways = await waitForMetrics(`${url}/metrics`, 'onboardings_stuck');

  await stack.stopServer();
  expect((await list()).status).toBe(503);
  return [...workers, ...gateways, ...(await waitForMetrics(`${url}/metrics`, 'status="503"'))];
}

async function waitForMetrics(url: string, wanted: string): Promise<Series[]> {
  let text = '';
  await eventually(
    async () => {
      text = await (await fetch(url)).text();
      return text.includes(wanted);
    },
    { what: () => `${wanted} at ${url}, which serves:\n${text}`, intervalMs: 100 },
  );
  return parseSeries(text);
}

function parseSeries(text: string): Series[] {
  return [...text.matchAll(/^(\w+)(?:\{(.*)\})? \S+$/gm)].map(([, name, labels = '']) => ({
    name: name!,
    labels: new Map([...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, label, value]) => [label!, value!])),
  }));
}

/** The selectors of an expression: a metric name, with its label matchers if it has any. */
function parseSelectors(expr: string): string[] {
  return [...expr.matchAll(/\b(?:temporal|gateway|onboardings)_\w+(?:\{[^}]*\})?/g)].map(([selector]) => selector);
}

function selects(selector: string, { name, labels }: Series): boolean {
  if (!new RegExp(`^${name}(\\{|$)`).test(selector)) return false;
  return [...selector.matchAll(/(\w+)(=~|!~|!=|=)"([^"]*)"/g)].every(([, label, operator, value]) => {
    const found = labels.get(label!) ?? '';
    const isMatch = operator!.includes('~') ? new RegExp(`^(?:${value})$`).test(found) : found === value;
    return operator!.startsWith('!') ? !isMatch : isMatch;
  });
}

/** The anchors of a Markdown document's headings, as GitHub builds them. */
function listAnchors(path: string): string[] {
  const headings = readFileSync(path, 'utf8').matchAll(/^#+ (.*)$/gm);
  return [...headings].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replace(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );
}

test.each(rules)('$alert uses series that exist', ({ expr }) => {
  const selectors = parseSelectors(expr);

  expect(selectors).not.toEqual([]);
  const missing = selectors.filter((selector) => !served.some((series) => selects(selector, series)));
  expect(missing).toEqual([]);
});

test.each(rules)(
  '$alert has a severity, a summary, a description whose commands exist and a runbook section',
  async (rule) => {
    expect(['critical', 'warning']).toContain(rule.labels.severity);
    expect(rule.annotations.summary).toMatch(/\S/);
    const [path, anchor] = rule.annotations.runbook_url.split('#');
    expect(listAnchors(join(ROOT, path!))).toContain(anchor);
    const { stdout: help } = await runCommandLineInProcess(['--help']);
    for (const [, command] of rule.annotations.description.matchAll(/npx onboarding (\w+)/g)) {
      expect(help).toMatch(new RegExp(`^  ${command} `, 'm'));
    }
  },
);

test('the operations guide lists every alert, and no other', () => {
  const guide = readFileSync(join(ROOT, 'docs/operations.md'), 'utf8');
  const [, section = ''] = /^## Alerts\n(.*?)^## /ms.exec(guide) ?? [];

  const named = [...section.matchAll(/^\| \[`(\w+)`\]/gm)].map(([, name]) => name);
  expect(named.toSorted()).toEqual(rules.map(({ alert }) => alert).toSorted());
});
