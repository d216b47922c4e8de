import type { RunSummary } from '../client/view';
import { parseWorkflowId } from '../onboarding/ids';
import { getGrpcFailure, grpcCode } from '../temporal/grpc-code';

/** The exit codes of the process. Scripts depend on them: never renumber. */
export const exitCodes = {
  done: 0,
  failed: 1,
  invalid: 2,
  unreachable: 3,
  notBuilt: 4, // set by bin/onboarding.js
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

export const exitCodesHelp = `Exit codes:
  0  done
  1  failed, refused or not found; for doctor: a fault was found
  2  invalid usage, request, file or setting
  3  Temporal, or a worker that has to answer, cannot be reached
  4  not built yet: run \`npm run build\`

Errors go to stderr as text; with --json also to stdout, as
{ "error": { "type", "message", … } }.`;

/** Every type of failure with its exit code. Scripts depend on them: add, never rename. */
const exitCodesByType = {
  conflict: exitCodes.failed,
  namespaceNotReady: exitCodes.failed,
  noEvents: exitCodes.failed,
  noLiveAttestation: exitCodes.failed,
  notConfirmed: exitCodes.failed,
  notFound: exitCodes.failed,
  notOpen: exitCodes.failed,
  refused: exitCodes.failed,
  unexpected: exitCodes.failed,
  unknownEvent: exitCodes.failed,
  environmentFileUnreadable: exitCodes.invalid,
  fileUnreadable: exitCodes.invalid,
  invalidConfiguration: exitCodes.invalid,
  invalidJson: exitCodes.invalid,
  invalidRequest: exitCodes.invalid,
  usage: exitCodes.invalid,
  namespaceNotFound: exitCodes.unreachable,
  noWorker: exitCodes.unreachable,
  temporalAccessDenied: exitCodes.unreachable,
  temporalUnreachable: exitCodes.unreachable,
} as const;

/** A command could not do its work. `details` are printed with --json: no secrets, no personal data. */
export class CommandFailure extends Error {
  override readonly name = 'CommandFailure';
  readonly exitCode: ExitCode;

  constructor(
    readonly type: keyof typeof exitCodesByType,
    message: string,
    readonly details: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
    this.exitCode = exitCodesByType[type];
  }
}

/** A command that needs an open run found that the deal's newest run has ended. */
export function notOpenFailure(deal: string, { status }: Pick<RunSummary, 'status'>): CommandFailure {
  return new CommandFailure('notOpen', `The onboarding of deal ${deal} has ended: ${status}.`, { id: deal, status });
}

/** A command that needs a worker's answer got none in time; `consequence` says what is not known or not done. */
export function noWorkerFailure(deal: string, consequence: string): CommandFailure {
  const message = `No worker answered, so ${consequence} \`doctor\` shows whether one is running.`;
  return new CommandFailure('noWorker', message, { id: deal });
}

/** Any error as one sentence of what happened and what to do, with its exit code. */
export function toCommandFailure(error: unknown): CommandFailure {
  if (error instanceof CommandFailure) return error;
  // Loaded only here, because loading takes 200 ms; a command that throws their errors has loaded them already.
  const { WorkflowNotFoundError } = require('@temporalio/client') as typeof import('@temporalio/client');
  const { NamespaceNotFoundError } = require('@temporalio/common') as typeof import('@temporalio/common');
  const { NoWorkerError } = require('../client/deliveries') as typeof import('../client/deliveries');
  const { ConfigurationError } = require('../config') as typeof import('../config');
  const { TemporalUnreachableError } = require('../temporal/connection') as typeof import('../temporal/connection');

  if (error instanceof ConfigurationError) {
    return new CommandFailure('invalidConfiguration', error.message, { faults: error.faults });
  }
  if (error instanceof TemporalUnreachableError) return new CommandFailure('temporalUnreachable', error.message);
  if (error instanceof NoWorkerError) {
    return noWorkerFailure(error.id, 'it is not known which events the CRM has received, and none was sent again.');
  }
  if (error instanceof NamespaceNotFoundError) {
    const fix = 'set TEMPORAL_NAMESPACE or --namespace, or create it with `npm run setup:namespace`';
    return new CommandFailure('namespaceNotFound', `Temporal has no namespace ${error.namespace}: ${fix}.`);
  }
  if (error instanceof WorkflowNotFoundError) {
    const id = parseWorkflowId(error.workflowId);
    return new CommandFailure(
      'notFound',
      `There is no onboarding of deal ${id}: it was never started in this namespace, or it ended longer ago than the namespace’s retention period.`,
      { id },
    );
  }
  return fromGrpcFailure(error) ?? unexpected(error);
}

const noAnswer = 'Temporal did not answer in time: check that its server runs at TEMPORAL_ADDRESS, and try again.';
const accessDenied =
  'Temporal denies access: check TEMPORAL_API_KEY or TEMPORAL_TLS_*, and that they belong to TEMPORAL_NAMESPACE.';
const attributesMissing =
  'The namespace lacks search attributes that onboardings need: run `npm run setup:namespace`; `doctor` lists them.';

function fromGrpcFailure(error: unknown): CommandFailure | undefined {
  const { code, details = '' } = getGrpcFailure(error) ?? {};
  const { unavailable, deadlineExceeded, unauthenticated, permissionDenied, invalidArgument } = grpcCode;
  if (code === unavailable || code === deadlineExceeded) return new CommandFailure('temporalUnreachable', noAnswer);
  if (code === unauthenticated || code === permissionDenied)
    return new CommandFailure('temporalAccessDenied', accessDenied);
  // The server words this differently for starts and for lists; both name the search attribute.
  const lacksAttribute = code === invalidArgument && /search attribute/i.test(details);
  return lacksAttribute ? new CommandFailure('namespaceNotReady', attributesMissing) : undefined;
}

function unexpected(error: unknown): CommandFailure {
  const { redact } = require('../process/logging') as typeof import('../process/logging');
  const text = error instanceof Error ? error.message : String(error);
  const details = getGrpcFailure(error)?.details;
  return new CommandFailure('unexpected', redact(details === undefined ? text : `${text}: ${details}`) as string);
}
