import { ServiceError, WorkflowNotFoundError } from '@temporalio/client';
import { NamespaceNotFoundError } from '@temporalio/common';
import { toCommandFailure } from '../../../src/cli/failures';
import { NoWorkerError } from '../../../src/client/deliveries';
import { ConfigurationError } from '../../../src/config';
import { TemporalUnreachableError } from '../../../src/temporal/connection';

function callError(code: number, details: string): ServiceError {
  const cause = Object.assign(new Error(`${code}: ${details}`), { code, details, metadata: {} });
  return new ServiceError('The call failed', { cause });
}

test.each([
  ['Temporal does not answer', new TemporalUnreachableError('127.0.0.1:1'), 'temporalUnreachable', 3],
  ['a call ran out of time', callError(4, 'deadline exceeded'), 'temporalUnreachable', 3],
  ['the connection broke', callError(14, 'no connection'), 'temporalUnreachable', 3],
  ['the API key is wrong', callError(16, 'unauthenticated'), 'temporalAccessDenied', 3],
  ['the namespace is missing', new NamespaceNotFoundError('ns'), 'namespaceNotFound', 3],
  [
    'the namespace is not set up',
    callError(3, 'Namespace ns has no mapping defined for search attribute DealId'),
    'namespaceNotReady',
    1,
  ],
  ['no worker answers for the events of a deal', new NoWorkerError('fabrikam:D-1'), 'noWorker', 3],
  ['the deal is unknown', new WorkflowNotFoundError('gone', 'agreement-onboarding-D-1', undefined), 'notFound', 1],
  ['a setting is wrong', new ConfigurationError(['X is missing: set it']), 'invalidConfiguration', 2],
  ['the error is unexpected', new Error('Boom'), 'unexpected', 1],
])('when %s, type and exit code say so', (_case, error, type, exitCode) => {
  expect(toCommandFailure(error)).toMatchObject({ type, exitCode });
});

test('an unknown deal is named by its id, not by its workflow id', () => {
  const failure = toCommandFailure(new WorkflowNotFoundError('gone', 'agreement-onboarding-fabrikam:D-1', undefined));

  expect(failure.message).toContain('deal fabrikam:D-1');
  expect(failure.details).toEqual({ id: 'fabrikam:D-1' });
});

test('an unexpected error includes the server’s message, without secrets and addresses', () => {
  const { message } = toCommandFailure(callError(13, 'bad token for john.smith@contoso.com, Bearer abc123'));

  expect(message).toBe('The call failed: bad token for [redacted], Bearer [redacted]');
});
