/** What one look at the installation has found; a `mend` says what to do about it. */
export interface Check {
  name: string;
  state: 'ok' | 'warning' | 'fault';
  finding: string;
  mend?: string;
  /** How many runs it is about, where it is about runs, and the first few of them. */
  count?: number;
  ids?: string[];
}

export function ok(name: string, finding: string): Check {
  return { name, state: 'ok', finding };
}

export function warning(name: string, finding: string, mend: string): Check {
  return { name, state: 'warning', finding, mend };
}

export function fault(name: string, finding: string, mend: string): Check {
  return { name, state: 'fault', finding, mend };
}
