/** Bundles of other releases of the workflow code, made from the current sources with a change. */
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import type { Handle } from './test-stack';

/** Where the later releases pause: before a step that a waiting run has taken already, and before one that it has not. */
export const PATCHES = { first: 'pause-before-the-attestation', last: 'pause-before-the-agreement' };

const IMPORT = "import { OnboardingRun } from './onboarding-run';";
// Literal lines of agreement-onboarding.ts: whoever changes them there changes them here.
const STEPS = {
  first: 'const rejected = await createAttestation(run, calls);',
  last: 'const created = await createAgreement(run, calls);',
};

function addPauses(getGuard: (patch: string) => string) {
  return [
    { from: IMPORT, to: `import { deprecatePatch, patched } from '@temporalio/workflow';\n${IMPORT}` },
    { from: STEPS.first, to: `${getGuard(PATCHES.first)} await sleep(100);\n${STEPS.first}` },
    { from: STEPS.last, to: `${getGuard(PATCHES.last)} await sleep(100);\n${STEPS.last}` },
  ];
}

const releases = {
  /** Pauses in runs that had not passed this point when the patch was deployed. */
  patched: addPauses((patch) => `if (patched('${patch}'))`),
  /** Pauses in every run, and accepts the marker that the previous release recorded in some of them. */
  deprecated: addPauses((patch) => `deprecatePatch('${patch}');`),
  /** Pauses in every run, without a patch. */
  plain: addPauses(() => ''),
};

/** The workflow code of a later release, as a worker loads it. */
export async function bundleRelease(release: keyof typeof releases): Promise<{ code: string }> {
  return bundleWorkflowCode({
    workflowsPath: require.resolve('../../src/workflows'),
    payloadConverterPath: require.resolve('../../src/temporal/payload-converter'),
    logger: new DefaultLogger('WARN'),
    webpackConfigHook: (config) => {
      const loader = { loader: require.resolve('./replace-text-loader.js'), options: { changes: releases[release] } };
      config.module!.rules!.push({ test: /workflows[/\\]agreement-onboarding\.ts$/, enforce: 'pre', use: [loader] });
      return config;
    },
  });
}

/** The patches that the run has recorded, in order. */
export async function listPatches(handle: Handle): Promise<string[]> {
  const { events } = await handle.fetchHistory();
  const patches = (events ?? []).flatMap((event) => event.markerRecordedEventAttributes?.details?.['patch-data'] ?? []);
  return patches.map(({ payloads }) => (JSON.parse(String(payloads![0]!.data)) as { id: string }).id);
}

/** Causes of temporal.api.enums.v1.WorkflowTaskFailedCause; a task that fails again adds none while one worker has it. */
export async function listFailedTaskCauses(handle: Handle): Promise<number[]> {
  const { events } = await handle.fetchHistory();
  return (events ?? []).flatMap(({ workflowTaskFailedEventAttributes: failed }) => failed?.cause ?? []);
}
