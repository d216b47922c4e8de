import { hostname, tmpdir } from 'node:os';
import { bundleWorkflowCode, DefaultLogger, Worker } from '@temporalio/worker';
import { DeterminismViolationError } from '@temporalio/workflow';
import { getProductFolder } from '../../src/process/version';
import { silenceTemporal } from '../support/silent-runtime';
import { readPayloadTexts, readHistory, readHistoryText, RECORDER, listHistories } from './history-file';
import { scenarios } from './scenarios';

type WorkflowBundle = { codePath: string } | { code: string };

const NONDETERMINISM = expect.stringContaining('TMPRL1100');

const recorded = listHistories();
const current: WorkflowBundle = { codePath: process.env['TEST_WORKFLOW_BUNDLE']! };

beforeAll(silenceTemporal);

function replay(workflowBundle: WorkflowBundle, history: ReturnType<typeof readHistory>): Promise<void> {
  return Worker.runReplayHistory({ workflowBundle }, history);
}

test('every scenario has a history: `npm run record:histories` writes the missing ones', () => {
  expect(Object.keys(scenarios).filter((name) => !recorded.includes(name))).toEqual([]);
});

// A failure here means that open runs would break on the new code: see "Change a workflow" in docs/contributing.md.
describe.each(recorded)('the history %s', (name) => {
  test('replays on the current workflow code', async () => {
    await replay(current, readHistory(name));
  });

  test('has the flag that makes replay compare activity types', () => {
    // Without these flags a replay takes one activity for another and passes.
    const flags = (readHistory(name).events ?? []).flatMap(
      (event) => event.workflowTaskCompletedEventAttributes?.sdkMetadata?.coreUsedFlags ?? [],
    );
    expect(flags).toContain(1);
  });

  test('holds no host name, path or process id of the machine that recorded it', () => {
    const texts = [readHistoryText(name), ...readPayloadTexts(name)].join('\n');
    for (const machineDetail of [getProductFolder(), tmpdir(), 'node_modules', '127.0.0.1', 'localhost']) {
      expect(texts).not.toContain(machineDetail);
    }
    expect(texts).not.toMatch(new RegExp(String.raw`\d@${hostname()}\b`));
    const identities = [...texts.matchAll(/"identity": "([^"]*)"/g)].map(([, identity]) => identity);
    expect(new Set(identities)).toEqual(new Set([RECORDER]));
  });

  test('holds only addresses of the example company', () => {
    const addresses = readPayloadTexts(name).flatMap((text) => text.match(/[\w.+-]+@[\w-]+(\.[\w-]+)+/g) ?? []);
    expect(addresses.filter((address) => !address.endsWith('@contoso.com'))).toEqual([]);
  });
});

describe('the replay detects', () => {
  let withAnExtraTimer: WorkflowBundle;

  beforeAll(async () => {
    withAnExtraTimer = await bundleWorkflowCode({
      workflowsPath: require.resolve('./fixtures/workflow-with-an-extra-timer'),
      logger: new DefaultLogger('WARN'),
    });
  });

  test.each(recorded)('an extra timer in %s', async (name) => {
    const replayed = replay(withAnExtraTimer, readHistory(name));
    await expect(replayed).rejects.toThrow(DeterminismViolationError);
    await expect(replayed).rejects.toMatchObject({ message: NONDETERMINISM });
  });

  test.each(['createAttestation', 'createAgreement'])('another activity than %s', async (activity) => {
    const history = readHistory('agreement-created-by-signal');
    const scheduled = (history.events ?? []).flatMap(
      ({ activityTaskScheduledEventAttributes: attributes }) => attributes ?? [],
    );
    const renamed = scheduled.filter(({ activityType }) => activityType?.name === activity);
    expect(renamed).toHaveLength(1);
    renamed[0]!.activityType = { name: 'anotherActivity' };
    const replayed = replay(current, history);
    await expect(replayed).rejects.toThrow(DeterminismViolationError);
    await expect(replayed).rejects.toMatchObject({ message: NONDETERMINISM });
  });
});
