import type { OnboardingClient } from '../../client/onboarding-client';
import { ConfigurationError } from '../../config';
import { toCommandFailure } from '../failures';
import type { Session } from '../session';

/** What one check of the installation found, and what to do about it. */
export interface Check {
  name: string;
  state: 'ok' | 'warning' | 'fault';
  finding: string;
  /** Printed with --json as `mend`. */
  remediation?: string;
  /** For checks of runs: how many runs it concerns, and the ids of the newest few. */
  count?: number;
  ids?: string[];
}

export function ok(name: string, finding: string): Check {
  return { name, state: 'ok', finding };
}

export function warning(name: string, finding: string, remediation: string): Check {
  return { name, state: 'warning', finding, remediation };
}

export function fault(name: string, finding: string, remediation?: string): Check {
  return { name, state: 'fault', finding, remediation };
}

const CALL_DEADLINE_MS = 5_000;

/** The result of a check that asks Temporal, or a fault with the error that prevented the check. */
export async function runCheck<T extends Check | Check[]>(
  session: Session,
  name: string,
  check: (onboardings: OnboardingClient) => Promise<T>,
): Promise<T | Check> {
  try {
    return await session.call(check, CALL_DEADLINE_MS);
  } catch (error) {
    return fault(name, toCommandFailure(error).message);
  }
}

/** Settings that cannot be read, as one fault each. @throws any other error */
export function toConfigurationFaults(name: string, error: unknown): Check[] {
  if (!(error instanceof ConfigurationError)) throw error;
  return error.faults.map((finding) => fault(name, finding));
}
