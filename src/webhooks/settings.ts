/** A host that callbacks may go to; without a port, the usual one of the URL's scheme. */
export interface AllowedHost {
  /** As `comparableHost` writes it. */
  host: string;
  port?: number;
}

export interface CrmSettings {
  allowedHosts: readonly AllowedHost[];
  /** `whsec_…`: each one signs every event, so that a receiver may change from one to the next in its own time. */
  secrets: readonly string[];
  /** Lets allowed hosts have private addresses and speak plain http: for a stack on one machine, and for tests. */
  allowPrivate: boolean;
}
