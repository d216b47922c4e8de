/** One run: the product comes up, faults and kills begin and end, everything drains, and the books are compared. */
import { setMaxListeners } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { connectClient } from '../../src/temporal/connection';
import type { ResolvedBinary } from '../../tools/binaries/resolve';
import { machineDescription, versionsWith } from '../machine';
import { ConnectionPool } from '../stack/connection-pool';
import type { Door } from '../stack/door';
import { GatewayDoor } from '../stack/gateway-door';
import type { ProductStack } from '../stack/product-stack';
import { SimulatorRemote } from '../stack/simulator';
import { TemporalDoor } from '../stack/temporal-door';
import { closeDeal } from './crm';
import { openLedger } from './ledger';
import type { ChaosOptions } from './options';
import { type Kill, planOf } from './plan';
import { attentionOf, type ChaosReport, faultsIn, outcomesOf, refusedReportsOf, troublesOf } from './report';
import { Settlements } from './settlements';
import { verdictOf } from './verdict';

const CRM_CONNECTIONS = 16;
const LONGEST_WAIT_MS = 120_000; // twice what may be needed, so that a slow drain can be told from none

/** Runs on a stack that is ready. `say` hears how far it is. @throws the reason of `stop` when that is aborted. */
export async function runChaos(
  options: ChaosOptions,
  stack: ProductStack,
  temporalCli: ResolvedBinary,
  say: (line: string) => void,
  stop: AbortSignal,
): Promise<ChaosReport> {
  const { environment, caller, simulatorUrl } = stack.product;
  const plan = planOf(options);
  const ledger = openLedger(plan.deals);
  const simulator = new SimulatorRemote(simulatorUrl);
  const witness = await connectClient(environment);
  const door: Door = options.door === 'gateway' ? new GatewayDoor(caller) : await TemporalDoor.open(environment);
  const over = new AbortController();
  const end = AbortSignal.any([stop, over.signal]);
  setMaxListeners(0, end);
  try {
    await simulator.beginFaults(options.seed, options.rates);
    say(`${plan.deals.length} deals, ${plan.kills.length} kills in ${options.seconds} s; seed ${options.seed}`);
    const connections = new ConnectionPool(CRM_CONNECTIONS);
    const outside = { door, connections, simulator, beganAt: Date.now() };
    const deals = ledger.map((entry) => closeDeal(entry, outside, end).catch(unlessAborted(end)));
    const kills = killAsPlanned(plan.kills, outside.beganAt, stack, say, end);
    await Promise.race([
      Promise.all([pause(options.seconds * 1_000, undefined, { signal: stop }), kills]),
      Promise.all(deals).then(() => new Promise(() => undefined)), // a defect in a deal ends the run at once
    ]);
    await simulator.endFaults();
    const endedAt = Date.now();
    say('Faults and kills are over; draining');

    const settlements = new Settlements(witness, plan.deals);
    const settled = await settlements.untilAllSettled(endedAt + LONGEST_WAIT_MS, say, stop);
    const secondsToDrain = settled ? (Date.now() - endedAt) / 1_000 : undefined;
    await Promise.race([Promise.all(deals), pause(5_000)]); // a report on its way when its run ended still gets its answer
    over.abort();
    await Promise.all(deals);

    const known = await settlements.all();
    const calls = await simulator.calls();
    const agreements = await simulator.agreements();
    const verdict = verdictOf({ ledger, agreements, calls, settlements: known, secondsToDrain });
    const { serverVersion } = await witness.workflowService.getSystemInfo({});
    return {
      options,
      machine: machineDescription(),
      versions: versionsWith(temporalCli.version, serverVersion),
      verdict,
      outcomes: outcomesOf(known.values()),
      attention: attentionOf(known),
      refusedReports: refusedReportsOf(ledger),
      repeatedCalls: ledger.reduce((sum, { repeats }) => sum + repeats, 0),
      calls: calls.length,
      faults: faultsIn(calls),
      ...stack.losses(),
      troubles: troublesOf(ledger, verdict.notSettled),
    };
  } finally {
    over.abort();
    await door.close();
    await witness.connection.close();
  }
}

async function killAsPlanned(
  kills: readonly Kill[],
  beganAt: number,
  stack: ProductStack,
  say: (line: string) => void,
  end: AbortSignal,
): Promise<void> {
  for (const { atMs, victim } of kills) {
    await pause(Math.max(0, beganAt + atMs - Date.now()), undefined, { signal: end });
    stack.kill(victim);
    say(`${(atMs / 1_000).toFixed(1)} s: killed ${victim}`);
  }
}

function unlessAborted(end: AbortSignal): (error: unknown) => void {
  return (error) => {
    if (!end.aborted) throw error;
  };
}
