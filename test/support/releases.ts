/** Other releases of the workflow code than the one at hand: real bundles, made from its sources with a change. */
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import type { Handle } from './test-stack';

/** Where the later releases pause: before a step that a waiting run has behind it, and one that it has still to take. */
export const PATCHES = { first: 'pause-before-the-attestation', last: 'pause-before-the-agreement' };

const IMPORT = "import { OnboardingRun } from './onboarding-run';";
const STEPS = {
  first: 'const rejected = await createAttestation(run, calls);',
  last: 'const created = await createAgreement(run, calls);',
};

function pausing(guardOf: (patch: string) => string) {
  return [
    { from: IMPORT, to: `import { deprecatePatch, patched } from '@temporalio/workflow';\n${IMPORT}` },
    { from: STEPS.first, to: `${guardOf(PATCHES.first)} await sleep(100);\n${STEPS.first}` },
    { from: STEPS.last, to: `${guardOf(PATCHES.last)} await sleep(100);\n${STEPS.last}` },
  ];
}

const releases = {
  /** Pauses in the runs that have not passed the patch without it. */
  patched: pausing((patch) => `if (patched('${patch}'))`),
  /** Pauses in every run, and knows the mark that the one before has left in some. */
  deprecated: pausing((patch) => `deprecatePatch('${patch}');`),
  /** Pauses in every run and knows nothing of patches. */
  plain: pausing(() => ''),
};

/** The workflow code of a later release, as a worker loads it. */
export async function bundleOf(release: keyof typeof releases): Promise<{ code: string }> {
  return bundleWorkflowCode({
    workflowsPath: require.resolve('../../src/workflows'),
    payloadConverterPath: require.resolve('../../src/temporal/payload-converter'),
    logger: new DefaultLogger('WARN'),
    webpackConfigHook: (config) => {
      const loader = { loader: require.resolve('./change-loader.js'), options: { changes: releases[release] } };
      config.module!.rules!.push({ test: /workflows[/\\]agreement-onboarding\.ts$/, enforce: 'pre', use: [loader] });
      return config;
    },
  });
}

/** The patches that the run has recorded, in order. */
export async function patchesOf(handle: Handle): Promise<string[]> {
  const { events } = await handle.fetchHistory();
  const patches = (events ?? []).flatMap((event) => event.markerRecordedEventAttributes?.details?.['patch-data'] ?? []);
  return patches.map(({ payloads }) => (JSON.parse(String(payloads![0]!.data)) as { id: string }).id);
}

/** Causes of temporal.api.enums.v1.WorkflowTaskFailedCause; a task that fails again adds none while one worker has it. */
export async function failedTasks(handle: Handle): Promise<number[]> {
  const { events } = await handle.fetchHistory();
  return (events ?? []).flatMap(({ workflowTaskFailedEventAttributes: failed }) => failed?.cause ?? []);
}
