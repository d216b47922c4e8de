/**
 * Takes screenshots of the Temporal UI for docs/operations.md: one deal for each status, processed by the real worker.
 * The expired link takes six minutes, because Partner Center allows none shorter than five.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { reservePort } from '../../tools/test-bed/ports';
import { toWorkflowId } from '../../src/onboarding/ids';
import { TestStack } from '../support/test-stack';
import startServers from '../support/set-up-servers';
import removeBundle from '../support/remove-bundle';
import { attestedRequest } from '../support/requests';
import { launchChromium } from '../support/chromium';
import { withPalette } from './support/palette-png';

const FOLDER = join(__dirname, '../../docs/images');
const VIEWPORT = { width: 1360, height: 1000 };
const MARGIN = 8;
const WEEK_IN_MINUTES = 10_080;
const EXPIRES_WITHIN_MS = 6 * 60_000;
const COLUMNS = ['Status', 'Workflow ID', 'OnboardingStatus', 'AttentionReason', 'AcceptBy', 'Start'];

const deals = {
  created: attestedRequest({ dealId: 'D-4711' }),
  waiting: attestedRequest({ dealId: 'D-4712', attestation: { expirationInMinutes: WEEK_IN_MINUTES } }),
  creating: attestedRequest({ dealId: 'D-4713' }),
  denied: attestedRequest({ dealId: 'D-4714', attestation: { expirationInMinutes: WEEK_IN_MINUTES } }),
  alsoDenied: attestedRequest({ dealId: 'D-4715' }),
  refused: attestedRequest({ dealId: 'D-4716' }),
  unknown: attestedRequest({ dealId: 'D-4717', attestation: { expirationInMinutes: WEEK_IN_MINUTES } }),
  declined: attestedRequest({ dealId: 'D-4718' }),
  cancelled: attestedRequest({ dealId: 'D-4719' }),
  expired: attestedRequest({ dealId: 'D-4720', attestation: { expirationInMinutes: 5 } }),
};

/** Brings every deal to its status, except the one that expires later. */
async function prepareDeals(stack: TestStack): Promise<void> {
  const { created, creating, denied, alsoDenied, refused, unknown } = deals;
  const attestationFails = [403, 403, 409].map((status) => ({ on: 'createAttestation', status }));
  const agreementFails = (customerId: string, status: number) => ({
    on: 'createAgreement',
    customerId,
    status,
    times: 'always',
  });
  await stack.control.send('PUT', '/simulator/faults', [
    ...attestationFails,
    agreementFails(creating.customerId, 503),
    agreementFails(unknown.customerId, 404),
  ]);
  for (const request of [denied, alsoDenied, refused]) {
    await stack.cli.start(request);
    await stack.cli.untilStatus(request.dealId, 'needsAttention');
  }
  for (const request of Object.values(deals)) {
    if ([denied, alsoDenied, refused].includes(request)) continue;
    await stack.cli.start(request);
    await stack.cli.untilStatus(request.dealId, 'awaitingAcceptance');
    if (![created, creating, unknown].includes(request)) continue;
    await stack.control.send('POST', '/simulator/acceptances', {}); // the newest attestation
    await stack.cli.json('accept', request.dealId);
  }
  await stack.cli.json('decline', deals.declined.dealId, '--code', 'wrongPerson');
  await stack.cli.json('cancel', deals.cancelled.dealId);
  await stack.cli.untilStatus(created.dealId, 'agreementCreated');
  await stack.cli.untilStatus(unknown.dealId, 'needsAttention');
  await stack.cli.untilStatus(deals.cancelled.dealId, 'cancelled');
}

/** Temporal's UI as an operator has it open. */
class TemporalUi {
  constructor(
    private readonly stack: TestStack,
    private readonly page: Page,
    private readonly url: string,
  ) {}

  async openList(query: string, wanted: string): Promise<void> {
    await this.page.goto(`${this.url}?query=${encodeURIComponent(query)}`);
    await this.page.getByText(wanted).first().waitFor();
  }

  async openRun({ dealId }: { dealId: string }, tab: string, wanted?: string): Promise<void> {
    const workflowId = toWorkflowId(dealId);
    const { runId } = await this.stack.server.client.workflow.getHandle(workflowId).describe();
    await this.page.goto(`${this.url}/${workflowId}/${runId}/${tab}`);
    if (wanted !== undefined) await this.text(wanted).waitFor();
  }

  /** The run's current details; the UI shows them in a frame. */
  async openDetails(deal: { dealId: string }, wanted: string): Promise<Locator> {
    await this.openRun(deal, 'user-metadata');
    const frame = '#user-metadata-current-details';
    await this.page.frameLocator(frame).getByText(wanted).first().waitFor();
    return this.page.locator(frame);
  }

  /** From the top of the page’s own part, without menus, down to the end of the lowest of these. */
  async takeScreenshot(name: string, ...parts: Locator[]): Promise<void> {
    await this.page.mouse.move(0, 0);
    await this.page.waitForTimeout(500); // for colours that fade in
    const { x, y } = (await this.page.locator('#content').boundingBox())!;
    const boxes = await Promise.all(parts.map((part) => part.boundingBox()));
    const bottom = Math.max(...boxes.map((box) => box!.y + box!.height + MARGIN));
    const clip = { x, y, width: VIEWPORT.width - x, height: Math.min(bottom, VIEWPORT.height) - y };
    writeFileSync(getPath(name), withPalette(await this.page.screenshot({ clip })));
  }

  /** The dialog that sends the signal `retry`, ready to be submitted. */
  async takeSignalScreenshot(name: string): Promise<void> {
    await this.page.getByRole('button', { name: 'More Actions' }).click();
    await this.page.getByRole('menuitem', { name: 'Send a Signal' }).click();
    const dialog = this.page.getByTestId('signal-confirmation-modal').last();
    await dialog.getByTestId('signal-select-button').click();
    await dialog.getByRole('option', { name: 'retry' }).click();
    await this.page.waitForTimeout(500);
    writeFileSync(getPath(name), withPalette(await dialog.screenshot()));
  }

  text(text: string): Locator {
    return this.page.getByText(text).first();
  }

  row(text: string): Locator {
    return this.page.locator('tr', { hasText: text }).last();
  }

  /** The block of JSON that holds this. */
  code(text: string): Locator {
    return this.page.locator('.cm-editor', { hasText: text }).first();
  }
}

async function takeAllScreenshots(stack: TestStack, page: Page, url: string): Promise<void> {
  const ui = new TemporalUi(stack, page, url);
  const takeDetailsScreenshot = async (name: string, deal: { dealId: string }, wanted: string) =>
    ui.takeScreenshot(name, await ui.openDetails(deal, wanted), ui.text('No details available'));
  await ui.openList(`OnboardingStatus = 'needsAttention'`, toWorkflowId(deals.unknown.dealId));
  await ui.takeScreenshot('list', ui.row(toWorkflowId(deals.denied.dealId)));
  await takeDetailsScreenshot('awaiting-acceptance', deals.waiting, 'Waiting for the customer until');
  await ui.openRun(deals.creating, 'pending-activities', '"answersLost"');
  await ui.takeScreenshot('creating-agreement', ui.code('"answersLost"'));
  await takeDetailsScreenshot('needs-attention', deals.denied, 'The run tries again by itself');
  await ui.openDetails(deals.unknown, 'Then send the signal');
  await ui.takeSignalScreenshot('signal-retry');
  await ui.openRun(deals.created, 'timeline', '"correlationId"');
  await ui.takeScreenshot('agreement-created', ui.code('"correlationId"'));
  await takeDetailsScreenshot('declined', deals.declined, 'Ended: declined');
  await takeDetailsScreenshot('cancelled', deals.cancelled, 'Cancelled');
  await stack.cli.until(['status', deals.expired.dealId], ({ status }) => status === 'expired', EXPIRES_WITHIN_MS);
  await takeDetailsScreenshot('expired', deals.expired, 'Ended: the customer did not accept');
}

function getPath(name: string): string {
  return join(FOLDER, `temporal-ui-${name}.png`);
}

async function main(): Promise<void> {
  await startServers();
  const uiPort = await reservePort();
  const stack = await TestStack.start({ server: 'dev', simulator: true, serverOptions: { ui: true, uiPort } });
  stack.environment['TEMPORAL_TASK_QUEUE'] = 'agreement-onboarding';
  const drain = await stack.startConfiguredWorker({}, { identity: 'worker-1' });
  const browser = await launchChromium();
  try {
    await prepareDeals(stack);
    const context = await browser.newContext({ viewport: VIEWPORT, timezoneId: 'UTC', reducedMotion: 'reduce' });
    const table = JSON.stringify({ default: COLUMNS.map((label) => ({ label })) });
    await context.addInitScript(`localStorage.setItem('namespace-workflow-table-columns', ${JSON.stringify(table)})`);
    await takeAllScreenshots(stack, await context.newPage(), `http://127.0.0.1:${uiPort}/namespaces/default/workflows`);
  } finally {
    await browser.close();
    await drain();
    await stack.close();
    removeBundle();
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
});
