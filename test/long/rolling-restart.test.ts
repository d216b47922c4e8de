/** A rolling restart under load: the product's own processes, one after another told to end and replaced, lose nothing. */
import { setMaxListeners } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import type { temporal } from '@temporalio/proto';
import { closeDeal } from '../../bench/chaos/crm';
import { type Entry, openLedger } from '../../bench/chaos/ledger';
import { planOf } from '../../bench/chaos/plan';
import { Settlements } from '../../bench/chaos/settlements';
import { tally, verdictOf } from '../../bench/chaos/verdict';
import { ConnectionPool } from '../../bench/stack/connection-pool';
import { GatewayDoor } from '../../bench/stack/gateway-door';
import type { Drain } from '../../bench/stack/kept-alive';
import { ProductStack } from '../../bench/stack/product-stack';
import { SimulatorRemote } from '../../bench/stack/simulator';
import { connectClient } from '../../src/temporal/connection';
import { workflowIdOfDeal } from '../../src/onboarding/ids';
import type { agreementOnboarding } from '../../src/workflows';
import { WatchedDoor } from './watched-door';

const ONBOARDINGS = 60;
const SECONDS = 40;
const NO_FAULTS = { throttled: 0, unavailable: 0, reset: 0, lostAnswer: 0 };
/** What docker-compose.yml gives each before it kills. */
const DRAIN_LIMIT_SECONDS = { 'worker-1': 65, gateway: 15, 'worker-2': 65 };

/** A connection that the kernel took just before the gateway stopped to listen, or that both ends use and close at once, is reset. */
const LOST_CONNECTIONS = new Set(['ECONNREFUSED', 'ECONNRESET', 'UND_ERR_SOCKET']);

type Restarted = keyof typeof DRAIN_LIMIT_SECONDS;

interface Restart extends Drain {
  process: Restarted;
  openDeals: number;
  toldAt: number;
  replacedAt: number;
}

type HistoryEvent = temporal.api.history.v1.IHistoryEvent;

let stack: ProductStack;
let client: Client;
let ledger: Entry[];
let door: WatchedDoor;
let simulator: SimulatorRemote;
let settlements: Settlements;
let settled: boolean;
/** Of all runs, and of the deliveries of their events. */
let events: HistoryEvent[];
const restarts: Restart[] = [];
const stop = new AbortController();

beforeAll(async () => {
  setMaxListeners(0, stop.signal);
  stack = await ProductStack.prepare(process.env['TEST_TEMPORAL_CLI']!);
  await stack.start(['worker-1', 'worker-2', 'gateway'], stop.signal);
  const { environment, caller, simulatorUrl } = stack.product;
  client = await connectClient(environment);
  simulator = new SimulatorRemote(simulatorUrl);
  await simulator.beginFaults(1, NO_FAULTS); // but slow, so that calls are in flight when a worker is told to end
  door = new WatchedDoor(new GatewayDoor(caller));
  const { deals } = planOf({
    onboardings: ONBOARDINGS,
    seconds: SECONDS,
    seed: 1,
    kill: 'worker',
    killEverySeconds: SECONDS,
    door: 'gateway',
    rates: NO_FAULTS,
    keep: false,
    json: false,
  });
  ledger = openLedger(deals);
  settlements = new Settlements(client, deals);
  const outside = {
    door,
    connections: new ConnectionPool(16),
    simulator,
    beganAt: Date.now(),
    callbackUrl: `${simulatorUrl}/crm/events`,
  };
  const closing = Promise.all(ledger.map((entry) => closeDeal(entry, outside, stop.signal)));
  await restartInTurn();
  await closing;
  settled = await settlements.untilAllSettled(Date.now() + 60_000, () => undefined, stop.signal);
  const runs = await Promise.all(ledger.map(runOf));
  events = runs.flatMap((run) => run.events);
  print(runs.map(({ secondsToAgreement }) => secondsToAgreement).toSorted((one, other) => one - other));
}, 300_000);

afterAll(async () => {
  stop.abort();
  await client?.connection.close();
  await stack?.stop();
});

/** One process after another, round after round, for as long as acceptances are outstanding. */
async function restartInTurn(): Promise<void> {
  while (!ledger.some(({ accepted }) => accepted)) await pause(50);
  for (;;) {
    for (const process of Object.keys(DRAIN_LIMIT_SECONDS) as Restarted[]) {
      const openDeals = ledger.filter(({ acknowledged }) => acknowledged === undefined).length;
      if (openDeals === 0) return;
      const toldAt = Date.now();
      const drain = await stack.restart(process, stop.signal);
      restarts.push({ process, openDeals, toldAt, replacedAt: Date.now(), ...drain });
    }
  }
}

/** One run when it and the delivery of its events have ended. */
async function runOf({ deal }: Entry): Promise<{ events: HistoryEvent[]; secondsToAgreement: number }> {
  const run = client.workflow.getHandle<typeof agreementOnboarding>(workflowIdOfDeal(deal));
  const { acceptedAt } = await run.result();
  const { runId, closeTime } = await run.describe();
  const delivery = client.workflow.getHandle(`crm-delivery-${runId}`);
  await delivery.result();
  const histories = await Promise.all([run.fetchHistory(), delivery.fetchHistory()]);
  return {
    events: histories.flatMap((history) => history.events ?? []),
    secondsToAgreement: (closeTime!.getTime() - Date.parse(acceptedAt!)) / 1_000,
  };
}

/** Why each activity that was tried again had not succeeded before. */
function repeatedActivities() {
  const begun = events.flatMap(({ activityTaskStartedEventAttributes: attributes }) => attributes ?? []);
  return begun.filter(({ attempt }) => attempt !== 1).map(({ lastFailure }) => lastFailure);
}

/**
 * A task that is handed to a worker at the moment at which it stops to listen is not heard there: Temporal hands it to
 * another when its time is over, after 10 s for a workflow's task and 30 s for a delivery.
 */
function print(secondsToAgreement: number[]): void {
  const count = (isOne: (event: HistoryEvent) => unknown) => events.filter(isOne).length;
  const failures = tally(door.failures.map(({ call, what }) => `${call} ${what}`));
  const median = secondsToAgreement[Math.floor(ONBOARDINGS / 2)]!.toFixed(1);
  const lines = [
    '| process | seconds to drain | to be replaced | deals open | end |',
    '| --- | --- | --- | --- | --- |',
    ...restarts.map(({ process, seconds, toldAt, replacedAt, openDeals, description }) => {
      const cells = [process, seconds.toFixed(2), ((replacedAt - toldAt) / 1_000).toFixed(2), openDeals, description];
      return `| ${cells.join(' | ')} |`;
    }),
    `${door.calls} calls to the gateway; failed and made again: ${JSON.stringify(failures)}`,
    `not heard by a worker that was ending: ${count((event) => event.workflowTaskTimedOutEventAttributes)} of ` +
      `${count((event) => event.workflowTaskStartedEventAttributes)} workflow tasks, ${repeatedActivities().length} of ` +
      `${count((event) => event.activityTaskStartedEventAttributes)} activities`,
    `acceptance to agreement: median ${median} s, longest ${secondsToAgreement.at(-1)!.toFixed(1)} s`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

test('every process ends with 0 within its limit, and nothing ends that was not told to', () => {
  expect(restarts.filter(({ succeeded }) => !succeeded)).toEqual([]);
  expect(restarts.filter(({ process, seconds }) => seconds > DRAIN_LIMIT_SECONDS[process])).toEqual([]);
  expect(stack.losses()).toEqual({ kills: {}, endedByItself: {} });
});

test('each was replaced while acceptances were outstanding', () => {
  expect(new Set(restarts.map(({ process }) => process))).toEqual(new Set(Object.keys(DRAIN_LIMIT_SECONDS)));
  expect(Math.min(...restarts.map(({ openDeals }) => openDeals))).toBeGreaterThan(0);
});

test('a start or a report fails only by its connection, while the gateway is being replaced', () => {
  const away = restarts.filter(({ process }) => process === 'gateway');
  const isExplained = (at: number, what: string) =>
    LOST_CONNECTIONS.has(what) && away.some(({ toldAt, replacedAt }) => at >= toldAt && at <= replacedAt);
  // The window's address comes from a worker: when the one that was asked ends meanwhile, the answer is 503.
  const isAskedAgain = (call: string, what: string) => call === 'attestationOf' && what.endsWith('503');
  expect(door.failures.filter(({ at, call, what }) => !isExplained(at, what) && !isAskedAgain(call, what))).toEqual([]);
});

test('every acknowledged acceptance has become exactly one agreement', async () => {
  const { lost, createdTwice, wrongClaims, notSettled, agreements, acknowledged } = verdictOf({
    ledger,
    agreements: await simulator.agreements(),
    calls: await simulator.calls(),
    settlements: await settlements.all(),
    secondsToDrain: 0,
  });
  expect({ settled, lost, createdTwice, wrongClaims, notSettled }).toEqual({
    settled: true,
    lost: [],
    createdTwice: [],
    wrongClaims: [],
    notSettled: [],
  });
  expect([acknowledged.recorded + acknowledged.stored, agreements]).toEqual([ONBOARDINGS, ONBOARDINGS]);
});

test('every call to Partner Center was made once, and let end', async () => {
  const calls = tally((await simulator.calls()).map(({ operation }) => operation));
  expect(calls).toMatchObject({ createAttestation: ONBOARDINGS, createAgreement: ONBOARDINGS });
  expect(
    events.filter((event) => event.activityTaskFailedEventAttributes ?? event.activityTaskTimedOutEventAttributes),
  ).toEqual([]);
  expect(repeatedActivities().filter((lastFailure) => !lastFailure?.timeoutFailureInfo)).toEqual([]);
});

test('every event reached the CRM once and in order', async () => {
  const received = await simulator.events();
  const sequencesOf = (dealId: string) =>
    received.flatMap(({ body }) => (body.data.dealId === dealId ? body.sequence : []));
  expect(ledger.map(({ deal }) => sequencesOf(deal.dealId))).toEqual(ledger.map(() => [1, 2, 3]));
});
