import { WorkflowNotFoundError } from '@temporalio/client';
import { NamespaceNotFoundError } from '@temporalio/common';
import { ConfigurationError } from '../config';
import { redact } from '../process/logging';
import { TemporalUnreachableError } from '../temporal/connection';
import { grpcCode, getGrpcFailure } from '../temporal/grpc-code';
import { parseWorkflowId } from '../onboarding/ids';
import { CommandFailure, exitCodes } from './failures';

/** Any error as one that says in a sentence what happened and what to do. The only place that knows exit codes of errors. */
export function failureOf(error: unknown): CommandFailure {
  if (error instanceof CommandFailure) return error;
  if (error instanceof ConfigurationError) {
    return new CommandFailure('invalidConfiguration', error.message, exitCodes.invalid, { faults: error.faults });
  }
  if (error instanceof TemporalUnreachableError) return unreachable(error.message);
  if (error instanceof NamespaceNotFoundError) {
    return new CommandFailure(
      'namespaceNotFound',
      `Temporal has no namespace ${error.namespace}: set TEMPORAL_NAMESPACE or --namespace, or create it with \`npm run setup:namespace\`.`,
      exitCodes.unreachable,
    );
  }
  if (error instanceof WorkflowNotFoundError) {
    const id = parseWorkflowId(error.workflowId);
    return new CommandFailure(
      'notFound',
      `There is no onboarding of deal ${id}: it was never started in this namespace, or ended longer ago than it keeps closed runs.`,
      exitCodes.failed,
      { id },
    );
  }
  return failureOfCall(error) ?? unexpected(error);
}

function failureOfCall(error: unknown): CommandFailure | undefined {
  const failure = getGrpcFailure(error);
  if (failure === undefined) return undefined;
  switch (failure.code) {
    case grpcCode.unavailable:
    case grpcCode.deadlineExceeded:
      return unreachable(
        'Temporal did not answer in time: check that its server runs at TEMPORAL_ADDRESS, and try again.',
      );
    case grpcCode.unauthenticated:
    case grpcCode.permissionDenied:
      return new CommandFailure(
        'temporalAccessDenied',
        'Temporal denies access: check TEMPORAL_API_KEY or TEMPORAL_TLS_*, and that they belong to TEMPORAL_NAMESPACE.',
        exitCodes.unreachable,
      );
    case grpcCode.invalidArgument:
      // Its texts for a start and for a list differ, but both speak of the search attribute.
      if (!/search attribute/i.test(failure.details)) return undefined;
      return new CommandFailure(
        'namespaceNotReady',
        'The namespace lacks search attributes of onboardings: run `npm run setup:namespace`; `doctor` names them.',
        exitCodes.failed,
      );
    default:
      return undefined;
  }
}

function unreachable(message: string): CommandFailure {
  return new CommandFailure('temporalUnreachable', message, exitCodes.unreachable);
}

function unexpected(error: unknown): CommandFailure {
  const text = error instanceof Error ? error.message : String(error);
  const details = getGrpcFailure(error)?.details;
  return new CommandFailure(
    'unexpected',
    redact(details === undefined ? text : `${text}: ${details}`) as string,
    exitCodes.failed,
  );
}
