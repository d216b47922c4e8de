import type { ExitCode } from './failures';
import type { Session } from './session';

/** What a command has to say, for people and for programs. */
export interface Report {
  text: string;
  json: object;
  /** For stderr, whichever form stdout has. */
  warning?: string;
  /** Default: done. */
  exitCode?: ExitCode;
}

/** Carries out a command's work and prints its report. */
export type Run = (work: (session: Session) => Promise<Report>) => Promise<void>;
