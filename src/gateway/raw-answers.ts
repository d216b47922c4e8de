/** Answers where there is no request yet: what arrived is no HTTP, too large, or too slow. */
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { randomUUID } from 'node:crypto';
import { CORRELATION_HEADER } from './correlation';
import { PROBLEM_MEDIA_TYPE, problemBody, ProblemError } from './problem';

/** Answers and ends the connection; fastify's `clientErrorHandler`. */
export function answerBrokenRequest(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const problem = problemOfBrokenRequest(error.code);
  const correlationId = randomUUID();
  const body = JSON.stringify(problemBody(problem, correlationId));
  socket.end(
    [
      `HTTP/1.1 ${problem.statusCode} ${STATUS_CODES[problem.statusCode]}`,
      `content-type: ${PROBLEM_MEDIA_TYPE}`,
      `content-length: ${Buffer.byteLength(body)}`,
      `${CORRELATION_HEADER}: ${correlationId}`,
      'connection: close',
      '',
      body,
    ].join('\r\n'),
  );
}

function problemOfBrokenRequest(code: string | undefined): ProblemError {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return new ProblemError('headers-too-large', 'Send at most 16 kB of headers.');
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new ProblemError('request-timeout', 'Send the whole request within 10 s.');
    case undefined:
    default:
      return new ProblemError('malformed-http', 'What arrived is not an HTTP/1.1 request.');
  }
}
