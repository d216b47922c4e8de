/** The gRPC codes that distinguish failures of calls to Temporal. */
export const grpcCode = {
  cancelled: 1, // also where the connection was closed during the call
  invalidArgument: 3,
  deadlineExceeded: 4,
  notFound: 5,
  alreadyExists: 6,
  permissionDenied: 7,
  resourceExhausted: 8, // Temporal's own rate limits
  unimplemented: 12,
  unavailable: 14,
  unauthenticated: 16,
} as const;

/** The code and the server's own text of a failed call, also if wrapped by the SDK; `undefined` for other errors. */
export function getGrpcFailure(error: unknown): { code: number; details: string } | undefined {
  for (let current = error; current instanceof Error; current = current.cause) {
    const { code, details } = current as { code?: unknown; details?: unknown };
    if (typeof code === 'number' && typeof details === 'string') return { code, details };
  }
  return undefined;
}
