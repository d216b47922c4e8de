/** Invalid input to a run, on the real server: it is refused or ignored, and the run continues. */
import { type WorkflowFailedError, WorkflowUpdateFailedError } from '@temporalio/client';
import type { Payload } from '@temporalio/common';
import fc from 'fast-check';
import { customerAcceptedSignal } from '../../src/workflows/messages';
import { attestedRequest } from '../support/requests';
import { type Handle, TestStack } from '../support/test-stack';

// temporal.api.enums.v1.EventType
const WORKFLOW_TASK_FAILED = 9;
const WORKFLOW_TASK_TIMED_OUT = 8;

const SIGNALS_PER_RUN = 400;
const AT_ONCE = 50;
/**
 * By default the server fails a workflow task that is so slow that a hundred signals are buffered; that is no fault of
 * ours.
 */
const BUFFER_ALL_SIGNALS = ['--dynamic-config-value', `history.maximumBufferedEventsBatch=${10 * SIGNALS_PER_RUN}`];

let stack: TestStack;

beforeAll(async () => {
  stack = await TestStack.start({ server: 'dev', serverOptions: { extraArgs: BUFFER_ALL_SIGNALS }, worker: true });
});
afterAll(() => stack?.close());
beforeEach(() => stack.control.reset());

/** The customer accepts, and the run must end with its agreement as if nothing had happened. */
async function expectUnaffected(handle: Handle): Promise<void> {
  await stack.control.accept();
  await handle.signal(customerAcceptedSignal);
  expect(await handle.result()).toMatchObject({ outcome: 'agreementCreated', createdBy: 'thisOnboarding' });
  await expectNoTaskFailed(handle);
}

/** The history names a task's first failure; later ones show only in the number of attempts. */
async function expectNoTaskFailed(handle: Handle): Promise<void> {
  const { events } = await handle.fetchHistory();
  const failed = (events ?? []).filter(
    ({ eventType }) => eventType === WORKFLOW_TASK_FAILED || eventType === WORKFLOW_TASK_TIMED_OUT,
  );
  const repeated = (events ?? []).filter((event) => (event.workflowTaskScheduledEventAttributes?.attempt ?? 1) > 1);
  expect([...failed, ...repeated]).toEqual([]);
}

async function inBatches<T>(items: readonly T[], send: (item: T) => Promise<unknown>): Promise<void> {
  for (let start = 0; start < items.length; start += AT_ONCE) {
    await Promise.all(items.slice(start, start + AT_ONCE).map(send));
  }
}

function samples<T>(arbitrary: fc.Arbitrary<T>, number: number): T[] {
  return fc.sample(arbitrary, { numRuns: number, seed: 20261124 });
}

const anyJson = fc.jsonValue({ maxDepth: 3 });
const members = [
  'round',
  'acceptedAt',
  'source',
  'actor',
  'reason',
  'acceptanceId',
  'page',
  'event',
  'at',
  'code',
  'comment',
];
/** Objects whose members have the right names and any values. */
const almostRight = fc.dictionary(fc.constantFrom(...members, '__proto__', 'constructor', 'toString'), anyJson);
const argument = fc.oneof(anyJson, almostRight);

describe('signals', () => {
  test.each(['pageVisited', 'retry', 'unknownName'])(
    '%s does not affect a run, whatever its arguments',
    async (signal) => {
      const handle = await stack.startInvited();

      await inBatches(samples(fc.array(argument, { maxLength: 2 }), SIGNALS_PER_RUN), (args) =>
        handle.signal(signal, ...args),
      );

      expect((await stack.until(handle, () => true)).status).toBe('awaitingAcceptance');
      await expectUnaffected(handle);
    },
  );

  test('customerAccepted never fails a run, whatever its argument', async () => {
    // Always refused, so that the run stays open: an acceptance without readable members counts.
    await stack.control.faults({ on: 'createAgreement', status: 403, times: 'always' });
    const handle = await stack.startInvited();

    await inBatches(samples(argument, SIGNALS_PER_RUN), (carried) => handle.signal('customerAccepted', carried));

    await stack.untilStatus(handle, 'needsAttention');
    await expectNoTaskFailed(handle);
    await handle.terminate();
  });

  test('a run that needs attention before its invitation ignores them all', async () => {
    await stack.control.faults({ on: 'createAttestation', status: 400, times: 1 });
    const handle = await stack.startOnboarding(attestedRequest());
    await stack.untilStatus(handle, 'needsAttention');

    for (const signal of ['customerAccepted', 'pageVisited']) {
      await inBatches(samples(argument, SIGNALS_PER_RUN / 2), (carried) => handle.signal(signal, carried));
    }
    await handle.signal('retry');
    await stack.untilStatus(handle, 'awaitingAcceptance');

    await expectUnaffected(handle);
  });
});

describe('updates', () => {
  // At most ten updates can be in progress at once.
  async function answers(handle: Handle, update: string, args: readonly unknown[]): Promise<Set<string>> {
    const kinds = new Set<string>();
    for (let start = 0; start < args.length; start += 10) {
      const batch = args.slice(start, start + 10);
      const replies = batch.map((carried) =>
        handle.executeUpdate(update, { args: [carried] }).then(
          () => 'accepted',
          (error: unknown) => (error instanceof WorkflowUpdateFailedError ? 'refused' : String(error)),
        ),
      );
      for (const kind of await Promise.all(replies)) kinds.add(kind);
    }
    return kinds;
  }

  test('an invalid decline is refused, and the run continues', async () => {
    const handle = await stack.startInvited();
    expect(await answers(handle, 'decline', samples(argument, 300))).toEqual(new Set(['refused']));
    await expectUnaffected(handle);
  });

  test('an acceptance is recorded, whatever its argument', async () => {
    await stack.control.faults({ on: 'createAgreement', status: 403, times: 'always' });
    const handle = await stack.startInvited();
    expect(await answers(handle, 'recordAcceptance', samples(argument, 300))).toEqual(new Set(['accepted']));
    await expectNoTaskFailed(handle);
    await handle.terminate();
  });

  test('a renewal takes no argument, and an update that does not exist is refused', async () => {
    const handle = await stack.startInvited();
    expect(await answers(handle, 'renewAttestation', samples(argument, 50))).toEqual(new Set(['accepted']));
    expect(await answers(handle, 'unknownName', samples(argument, 50))).toEqual(new Set(['refused']));
    await expectUnaffected(handle);
  });
});

const json = (text: string): Payload => ({
  metadata: { encoding: Buffer.from('json/plain') },
  data: Buffer.from(text),
});

describe('a payload that cannot be read', () => {
  const unreadable: [name: string, payload: Payload][] = [
    ['in an unknown encoding', { metadata: { encoding: Buffer.from('binary/encrypted') }, data: Buffer.from('x') }],
    ['in no encoding', { metadata: {}, data: Buffer.from('{}') }],
    ['of broken JSON', json('{"round": 1')],
    ['of JSON without a byte', json('')],
    ['of bytes that are not text', { ...json(''), data: Buffer.from([0xff, 0xfe, 0x00, 0xc3]) }],
    ['with nothing in it', {}],
  ];

  function signalRaw(handle: Handle, signalName: string, payload: Payload): Promise<unknown> {
    return stack.server.client.workflowService.signalWorkflowExecution({
      namespace: 'default',
      workflowExecution: { workflowId: handle.workflowId },
      signalName,
      input: { payloads: [payload] },
    });
  }

  test.each(unreadable)('%s is ignored as a signal, an acceptance too', async (_name, payload) => {
    const handle = await stack.startInvited();

    for (const signal of ['customerAccepted', 'pageVisited', 'retry']) await signalRaw(handle, signal, payload);

    const { status, acceptance } = await stack.until(handle, () => true);
    expect({ status, acceptance }).toEqual({ status: 'awaitingAcceptance', acceptance: undefined });
    await expectUnaffected(handle);
  });

  test('that holds raw bytes counts as an acceptance without members', async () => {
    const handle = await stack.startInvited();
    await stack.control.accept();
    const bytes = { metadata: { encoding: Buffer.from('binary/plain') }, data: Buffer.from([1, 2, 3]) };
    await signalRaw(handle, 'customerAccepted', bytes);
    expect(await handle.result()).toMatchObject({ outcome: 'agreementCreated' });
    await expectNoTaskFailed(handle);
  });

  test.each(unreadable)('%s, as the request, fails the run at once', async (_name, payload) => {
    const workflowId = `bad-${attestedRequest().dealId}`;
    await stack.server.client.workflowService.startWorkflowExecution({
      namespace: 'default',
      workflowId,
      requestId: workflowId,
      workflowType: { name: 'agreementOnboarding' },
      taskQueue: { name: stack.taskQueue },
      input: { payloads: [payload] },
    });
    const handle = stack.server.client.workflow.getHandle(workflowId) as unknown as Handle;
    await expectInvalidRequest(handle);
  });
});

async function expectInvalidRequest(handle: Handle): Promise<void> {
  const error: unknown = await handle.result().then(
    ({ outcome }) => outcome,
    (reason: unknown) => reason,
  );
  expect((error as WorkflowFailedError).cause).toMatchObject({ type: 'InvalidRequest', nonRetryable: true });
  await expectNoTaskFailed(handle);
}

describe('a request that no client has checked', () => {
  /** One member of a sound request is replaced by something the run cannot work with. */
  const broken = fc.oneof(
    anyJson.filter((value) => typeof value !== 'object' || value === null || !('dealId' in value)),
    fc
      .tuple(
        fc.constantFrom(
          'dealId',
          'customerId',
          'attestation',
          'agreement',
          'linkValidForMinutes',
          'remindAfterMinutes',
        ),
        fc.constantFrom<unknown>('', 0, -1, true, null, 'text', [null], ['x'], 4.5, 1e9),
      )
      .filter(([member, value]) => !isAcceptable(member, value))
      .map(([member, value]) => ({ ...attestedRequest(), [member]: value })),
    fc
      .constantFrom<unknown>('60', 4, 10_081, 5.5, null, {}, true)
      .map((expirationInMinutes) => ({ ...attestedRequest(), attestation: { expirationInMinutes } })),
  );

  test('fails its run at once with a clear message, whatever its fault', async () => {
    const requests = samples(broken, 200);
    for (let start = 0; start < requests.length; start += AT_ONCE) {
      const batch = requests.slice(start, start + AT_ONCE);
      await Promise.all(
        batch.map(async (request, index) => {
          const workflowId = `broken-${start + index}-${attestedRequest().dealId}`;
          const handle = await stack.server.client.workflow.start('agreementOnboarding', {
            workflowId,
            taskQueue: stack.taskQueue,
            args: [request],
          });
          await expectInvalidRequest(handle);
        }),
      );
    }
  });
});

/** Values that are valid after all: the run accepts any text as an id. */
function isAcceptable(member: string, value: unknown): boolean {
  if (member === 'dealId' || member === 'customerId') return value === 'text';
  return false;
}
