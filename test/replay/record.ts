/**
 * `npm run record:histories [-- NAME…]` runs the scenarios that have no history yet, or those named, and writes their
 * histories. A history that exists is never overwritten: see "Change a workflow" in docs/contributing.md.
 */
import { CancelledFailure, WorkflowFailedError } from '@temporalio/client';
import type { DeliveryHandle } from '../support/crm-events';
import startServers from '../support/set-up-servers';
import { type Handle, TestStack } from '../support/test-stack';
import { type Scenario, ScenarioContext, TASK_QUEUE } from './scenario-context';
import { listHistories, writeHistory } from './history-file';
import { scenarios } from './scenarios';

const CALL_TIMEOUT_MS = 20_000; // longer than any delay in a scenario

async function main(names: string[]): Promise<void> {
  const unknown = names.filter((name) => !(name in scenarios));
  if (unknown.length > 0) throw new Error(`No such scenario: ${unknown.join(', ')}`);
  const recorded = listHistories();
  const existing = names.filter((name) => recorded.includes(name));
  if (existing.length > 0) throw new Error(`A recorded history is never overwritten: ${existing.join(', ')}`);
  const wanted = names.length > 0 ? names : Object.keys(scenarios).filter((name) => !recorded.includes(name));
  const chosen = Object.entries(scenarios).filter(([name]) => wanted.includes(name));
  if (chosen.length === 0) return void process.stdout.write('Every scenario has its history.\n');

  await startServers();
  for (const kind of ['dev', 'timeSkipping'] as const) {
    const selected = chosen.filter(([, { on }]) => on === kind);
    if (selected.length > 0) await recordOn(kind, selected);
  }
}

async function recordOn(kind: Scenario['on'], selected: [string, Scenario][]): Promise<void> {
  const stack = await TestStack.start({
    server: kind,
    simulator: true,
    taskQueue: TASK_QUEUE,
    partnerCenterTimeoutMs: CALL_TIMEOUT_MS,
  });
  try {
    for (const [name, scenario] of selected) {
      const startedAt = Date.now();
      await stack.control.reset();
      const bytes = await record(stack, name, scenario).catch((error: unknown) => {
        throw new Error(`The scenario ${name} failed`, { cause: error });
      });
      await stack.stopWorkers();
      process.stdout.write(`${name}: ${(bytes / 1024).toFixed(0)} KiB in ${Date.now() - startedAt} ms\n`);
    }
  } finally {
    await stack.close();
  }
}

async function record(stack: TestStack, name: string, { ends, run }: Scenario): Promise<number> {
  const handle = await run(new ScenarioContext(stack, name));
  const end = await waitForEnd(handle);
  if (end !== ends) throw new Error(`The run ended as ${end}, not as ${ends}`);
  return writeHistory(name, await handle.fetchHistory());
}

/** Waits for the end of a run; on the time-skipping server that lets the clock run on. */
async function waitForEnd(handle: Handle | DeliveryHandle): Promise<Scenario['ends']> {
  try {
    const result = await handle.result();
    return 'outcome' in result ? result.outcome : result.ended;
  } catch (error) {
    if (!(error instanceof WorkflowFailedError)) throw error;
    return error.cause instanceof CancelledFailure ? 'cancelled' : 'failed';
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.exitCode = 1;
  for (let cause = error; cause instanceof Error; cause = cause.cause) process.stderr.write(`${cause.stack}\n`);
});
