/** What the exit code of the process says. Scripts depend on it: never renumber. */
export const exitCodes = {
  done: 0,
  failed: 1,
  invalid: 2,
  unreachable: 3,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

export const exitCodesHelp = `Exit codes:
  0  done
  1  failed, refused or not found; for doctor: a fault was found
  2  wrong usage, or an invalid request, file or setting
  3  Temporal, or a worker that has to answer, cannot be reached

Errors go to stderr as text; with --json also to stdout, as
{ "error": { "type", "message", … } }.`;

/** A command ends without having done its work; `details` are for --json and repeat no secret and no person's data. */
export class CommandFailure extends Error {
  override readonly name = 'CommandFailure';
  constructor(
    readonly type: string,
    message: string,
    readonly exitCode: ExitCode,
    readonly details: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
  }
}
