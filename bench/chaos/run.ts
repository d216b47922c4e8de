/** One run: carries out deals under faults and kills, waits until they have settled, then checks every deal. */
import { setMaxListeners } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import type { ResolvedBinary } from '../../tools/binaries/resolve';
import { checkConsistency } from '../../tools/test-bed/consistency-check';
import { connectOnboardingClient, type CrmApi, GatewayCrmApi, TemporalCrmApi } from '../../tools/test-bed/crm-api';
import { ConnectionPool, createDealRecords, planDeals, runDeal } from '../../tools/test-bed/deals';
import { OutcomeReader } from '../../tools/test-bed/outcomes';
import type { ProductStack } from '../../tools/test-bed/product-stack';
import { SimulatorClient } from '../../tools/test-bed/simulator-client';
import { describeTestBed } from '../program';
import type { ChaosOptions } from './options';
import { type Kill, planKills } from './plan';
import { buildReport, type ChaosReport } from './report';

const CRM_CONNECTIONS = 16;
const MAX_DRAIN_WAIT_MS = 120_000; // twice the limit, so that the report can distinguish a slow drain from none

/** Runs on a stack that is ready. @throws the reason of `stop` when that is aborted. */
export async function runChaos(
  options: ChaosOptions,
  stack: ProductStack,
  temporalCli: ResolvedBinary,
  log: (line: string) => void,
  stop: AbortSignal,
): Promise<ChaosReport> {
  const { environment, gateway, simulatorUrl } = stack.product;
  const deals = planDeals(options);
  const kills = planKills(options);
  const records = createDealRecords(deals);
  const simulator = new SimulatorClient(simulatorUrl);
  const onboardings = await connectOnboardingClient(environment);
  const crmApi: CrmApi =
    options.via === 'gateway' ? new GatewayCrmApi(gateway) : await TemporalCrmApi.connect(environment);
  const finished = new AbortController();
  const end = AbortSignal.any([stop, finished.signal]);
  setMaxListeners(0, end);
  try {
    await simulator.startFaults(options.seed, options.rates);
    log(`${deals.length} deals, ${kills.length} kills in ${options.seconds} s; seed ${options.seed}`);
    const connections = new ConnectionPool(CRM_CONNECTIONS);
    const dealEnvironment = { crmApi, connections, simulator, startedAt: Date.now() };
    const running = records.map((record) => runDeal(record, dealEnvironment, end).catch(ignoreOnceAborted(end)));
    const killing = killAsPlanned(kills, dealEnvironment.startedAt, stack, log, end);
    await Promise.race([
      Promise.all([pause(options.seconds * 1_000, undefined, { signal: stop }), killing]),
      Promise.all(running).then(() => new Promise(() => undefined)), // never resolves; an unexpected error fails the run
    ]);
    await simulator.stopFaults();
    const faultsEndedAt = Date.now();
    log('Faults and kills have ended; waiting until every deal has settled');

    const reader = new OutcomeReader(onboardings, deals);
    const settled = await reader.waitUntilSettled(faultsEndedAt + MAX_DRAIN_WAIT_MS, log, stop);
    const secondsToDrain = settled ? (Date.now() - faultsEndedAt) / 1_000 : undefined;
    await Promise.race([Promise.all(running), pause(5_000)]); // a report that is in flight when its run ends still gets its answer
    finished.abort();
    await Promise.all(running);

    const outcomes = await reader.readAll();
    const calls = await simulator.getCalls();
    const agreements = await simulator.getAgreements();
    const check = checkConsistency({ records, agreements, calls, outcomes, secondsToDrain });
    const { serverVersion } = await onboardings.temporal.workflowService.getSystemInfo({});
    const testBed = describeTestBed(temporalCli.version, serverVersion);
    return buildReport({ options, testBed, check, records, outcomes, calls, exitCounts: stack.getExitCounts() });
  } finally {
    finished.abort();
    await crmApi.close();
    await onboardings.close();
  }
}

async function killAsPlanned(
  kills: readonly Kill[],
  startedAt: number,
  stack: ProductStack,
  log: (line: string) => void,
  end: AbortSignal,
): Promise<void> {
  for (const { atMs, process } of kills) {
    await pause(Math.max(0, startedAt + atMs - Date.now()), undefined, { signal: end });
    stack.kill(process);
    log(`${(atMs / 1_000).toFixed(1)} s: killed ${process}`);
  }
}

function ignoreOnceAborted(end: AbortSignal): (error: unknown) => void {
  return (error) => {
    if (!end.aborted) throw error;
  };
}
