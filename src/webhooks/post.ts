import { Agent as HttpAgent, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';

export interface PostOptions {
  url: string;
  headers: Record<string, string>;
  body: string;
  /** From the look-up of the name to the last header of the answer. */
  timeoutMs: number;
  /** Resolves the name of the host; default: the system's resolver. */
  lookup?: LookupFunction;
}

export interface PostAnswer {
  status: number;
  retryAfter?: string;
}

/**
 * One POST on a connection of its own, and its answer's status. No redirect is followed, no proxy is used, and the
 * connection is closed once the headers are read, so that a long or endless body costs nothing.
 * @throws a DOMException named `TimeoutError`, or Node's error of the connection.
 */
export async function post({ url, headers, body, timeoutMs, lookup }: PostOptions): Promise<PostAnswer> {
  const isHttps = new URL(url).protocol === 'https:';
  const [send, Agent] = isHttps ? [httpsRequest, HttpsAgent] : [httpRequest, HttpAgent];
  const agent = new Agent({ keepAlive: false }); // deliveries are rare, and a kept connection would outlive its check
  const deadline = AbortSignal.timeout(timeoutMs);
  try {
    return await new Promise<PostAnswer>((resolve, reject) => {
      const request = send(url, {
        method: 'POST',
        agent,
        headers: { ...headers, 'content-length': String(Buffer.byteLength(body)), connection: 'close' },
        lookup,
        signal: deadline,
      });
      request.on('error', reject);
      request.on('response', ({ statusCode = 0, headers: answerHeaders }) => {
        resolve({ status: statusCode, retryAfter: answerHeaders['retry-after'] });
        request.destroy();
      });
      request.end(body);
    });
  } catch (error) {
    deadline.throwIfAborted();
    throw error;
  } finally {
    agent.destroy();
  }
}
