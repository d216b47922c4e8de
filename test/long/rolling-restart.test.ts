/** A rolling restart under load: workers and gateway get SIGTERM one after another and are replaced; nothing is lost. */
import { setMaxListeners } from 'node:events';
import type { temporal } from '@temporalio/proto';
import type { OnboardingClient } from '../../src/client/onboarding-client';
import { getWorkflowId } from '../../src/onboarding/ids';
import type { agreementOnboarding } from '../../src/workflows';
import { checkConsistency, countEach } from '../../tools/test-bed/consistency-check';
import { connectOnboardingClient, GatewayCrmApi } from '../../tools/test-bed/crm-api';
import { ConnectionPool, createDealRecords, type DealRecord, planDeals, runDeal } from '../../tools/test-bed/deals';
import { OutcomeReader } from '../../tools/test-bed/outcomes';
import { ProductStack } from '../../tools/test-bed/product-stack';
import type { DrainResult } from '../../tools/test-bed/restarting-process';
import { SimulatorClient } from '../../tools/test-bed/simulator-client';
import { eventually } from '../support/eventually';
import { RecordingCrmApi } from './recording-crm-api';

const ONBOARDINGS = 60;
const SECONDS = 40;
const NO_FAULTS = { throttled: 0, unavailable: 0, reset: 0, lostAnswer: 0 };
/** The stop_grace_period of each service in docker-compose.yml. */
const DRAIN_LIMIT_SECONDS = { 'worker-1': 65, gateway: 15, 'worker-2': 65 };

/** Also resets: of connections that the kernel accepted just before the gateway stopped listening, or that it closed while in use. */
const LOST_CONNECTIONS = new Set(['ECONNREFUSED', 'ECONNRESET', 'UND_ERR_SOCKET']);

type Restarted = keyof typeof DRAIN_LIMIT_SECONDS;

interface Restart extends DrainResult {
  process: Restarted;
  openDeals: number;
  signalledAt: number;
  replacedAt: number;
}

type HistoryEvent = temporal.api.history.v1.IHistoryEvent;

let stack: ProductStack;
let onboardings: OnboardingClient;
let records: DealRecord[];
let crmApi: RecordingCrmApi;
let simulator: SimulatorClient;
let outcomes: OutcomeReader;
let settled: boolean;
/** From the histories of all runs and of the deliveries of their events. */
let events: HistoryEvent[];
const restarts: Restart[] = [];
const stop = new AbortController();

beforeAll(async () => {
  setMaxListeners(0, stop.signal);
  stack = await ProductStack.prepare(process.env['TEST_TEMPORAL_CLI']!);
  await stack.start(['worker-1', 'worker-2', 'gateway'], stop.signal);
  const { environment, gateway, simulatorUrl } = stack.product;
  onboardings = await connectOnboardingClient(environment);
  simulator = new SimulatorClient(simulatorUrl);
  await simulator.startFaults(1, NO_FAULTS); // answers are slow, so that calls are in flight when a worker gets SIGTERM
  crmApi = new RecordingCrmApi(new GatewayCrmApi(gateway));
  const deals = planDeals({ onboardings: ONBOARDINGS, seconds: SECONDS, seed: 1 });
  records = createDealRecords(deals);
  outcomes = new OutcomeReader(onboardings, deals);
  const dealEnvironment = {
    crmApi,
    connections: new ConnectionPool(16),
    simulator,
    startedAt: Date.now(),
    callbackUrl: `${simulatorUrl}/crm/events`,
  };
  const running = Promise.all(records.map((record) => runDeal(record, dealEnvironment, stop.signal)));
  await restartInTurn();
  await running;
  settled = await outcomes.waitUntilSettled(Date.now() + 60_000, () => undefined, stop.signal);
  const runs = await Promise.all(records.map(readRun));
  events = runs.flatMap((run) => run.events);
  print(runs.map(({ secondsToAgreement }) => secondsToAgreement).toSorted((one, other) => one - other));
}, 300_000);

afterAll(async () => {
  stop.abort();
  await onboardings?.close();
  await stack?.stop();
});

/** One process after another, round after round, for as long as acceptances are outstanding. */
async function restartInTurn(): Promise<void> {
  await eventually(() => records.some(({ accepted }) => accepted), {
    what: 'the first acceptance',
    timeoutMs: 120_000,
  });
  for (;;) {
    for (const process of Object.keys(DRAIN_LIMIT_SECONDS) as Restarted[]) {
      const openDeals = records.filter(({ acknowledged }) => acknowledged === undefined).length;
      if (openDeals === 0) return;
      const signalledAt = Date.now();
      const drain = await stack.restart(process, stop.signal);
      restarts.push({ process, openDeals, signalledAt, replacedAt: Date.now(), ...drain });
    }
  }
}

/** Waits until the run and the delivery of its events have ended, and reads both histories. */
async function readRun({ deal }: DealRecord): Promise<{ events: HistoryEvent[]; secondsToAgreement: number }> {
  const { workflow } = onboardings.temporal;
  const run = workflow.getHandle<typeof agreementOnboarding>(getWorkflowId(deal));
  const { acceptedAt } = await run.result();
  const { runId, closeTime } = await run.describe();
  const delivery = workflow.getHandle(`crm-delivery-${runId}`);
  await delivery.result();
  const histories = await Promise.all([run.fetchHistory(), delivery.fetchHistory()]);
  return {
    events: histories.flatMap((history) => history.events ?? []),
    secondsToAgreement: (closeTime!.getTime() - Date.parse(acceptedAt!)) / 1_000,
  };
}

/** The last failure of every activity that needed more than one attempt. */
function listRetriedActivities() {
  const started = events.flatMap(({ activityTaskStartedEventAttributes: attributes }) => attributes ?? []);
  return started.filter(({ attempt }) => attempt !== 1).map(({ lastFailure }) => lastFailure);
}

/**
 * A task that Temporal sends to a worker just when it stops polling is not received. Temporal sends it to another worker
 * after its time-out: 10 s for a workflow task, 30 s for a delivery.
 */
function print(secondsToAgreement: number[]): void {
  const count = (matches: (event: HistoryEvent) => unknown) => events.filter(matches).length;
  const failures = countEach(crmApi.failures.map(({ call, what }) => `${call} ${what}`));
  const median = secondsToAgreement[Math.floor(ONBOARDINGS / 2)]!.toFixed(1);
  const lines = [
    '| process | seconds to drain | to be replaced | deals open | end |',
    '| --- | --- | --- | --- | --- |',
    ...restarts.map(({ process, seconds, signalledAt, replacedAt, openDeals, description }) => {
      const cells = [
        process,
        seconds.toFixed(2),
        ((replacedAt - signalledAt) / 1_000).toFixed(2),
        openDeals,
        description,
      ];
      return `| ${cells.join(' | ')} |`;
    }),
    `${crmApi.calls} calls to the gateway; failed and repeated: ${JSON.stringify(failures)}`,
    `not received by a worker that was stopping: ${count((event) => event.workflowTaskTimedOutEventAttributes)} of ` +
      `${count((event) => event.workflowTaskStartedEventAttributes)} workflow tasks, ${listRetriedActivities().length} of ` +
      `${count((event) => event.activityTaskStartedEventAttributes)} activities`,
    `acceptance to agreement: median ${median} s, longest ${secondsToAgreement.at(-1)!.toFixed(1)} s`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

test('every process exits with 0 within its limit, and nothing exits without a signal', () => {
  expect(restarts.filter(({ succeeded }) => !succeeded)).toEqual([]);
  expect(restarts.filter(({ process, seconds }) => seconds > DRAIN_LIMIT_SECONDS[process])).toEqual([]);
  expect(stack.getExitCounts()).toEqual({ kills: {}, unexpectedExits: {} });
});

test('each process was replaced while acceptances were outstanding', () => {
  expect(new Set(restarts.map(({ process }) => process))).toEqual(new Set(Object.keys(DRAIN_LIMIT_SECONDS)));
  expect(Math.min(...restarts.map(({ openDeals }) => openDeals))).toBeGreaterThan(0);
});

test('a start or a report fails only by its connection, while the gateway is being replaced', () => {
  const away = restarts.filter(({ process }) => process === 'gateway');
  const isExplained = (at: number, what: string) =>
    LOST_CONNECTIONS.has(what) && away.some(({ signalledAt, replacedAt }) => at >= signalledAt && at <= replacedAt);
  // A worker answers the query for the page's address; if it stops meanwhile, the gateway answers 503.
  const isStoppedWorker = (call: string, what: string) => call === 'getAttestationId' && what.endsWith('503');
  expect(
    crmApi.failures.filter(({ at, call, what }) => !isExplained(at, what) && !isStoppedWorker(call, what)),
  ).toEqual([]);
});

test('every acknowledged acceptance has become exactly one agreement', async () => {
  const { lost, createdTwice, wrongOutcomes, notSettled, agreements, acknowledged } = checkConsistency({
    records,
    agreements: await simulator.getAgreements(),
    calls: await simulator.getCalls(),
    outcomes: await outcomes.readAll(),
    secondsToDrain: 0,
  });
  expect({ settled, lost, createdTwice, wrongOutcomes, notSettled }).toEqual({
    settled: true,
    lost: [],
    createdTwice: [],
    wrongOutcomes: [],
    notSettled: [],
  });
  expect([acknowledged.recorded + acknowledged.stored, agreements]).toEqual([ONBOARDINGS, ONBOARDINGS]);
});

test('every call to Partner Center was made once and completed', async () => {
  const calls = countEach((await simulator.getCalls()).map(({ operation }) => operation));
  expect(calls).toMatchObject({ createAttestation: ONBOARDINGS, createAgreement: ONBOARDINGS });
  expect(
    events.filter((event) => event.activityTaskFailedEventAttributes ?? event.activityTaskTimedOutEventAttributes),
  ).toEqual([]);
  expect(listRetriedActivities().filter((lastFailure) => !lastFailure?.timeoutFailureInfo)).toEqual([]);
});

test('every event reached the CRM once and in order', async () => {
  const received = await simulator.getEvents();
  const getSequences = (dealId: string) =>
    received.flatMap(({ body }) => (body.data.dealId === dealId ? body.sequence : []));
  expect(records.map(({ deal }) => getSequences(deal.dealId))).toEqual(records.map(() => [1, 2, 3]));
});
