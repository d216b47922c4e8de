/** What is compared: ways to take a customer from the start to the agreement. */
export interface Contender {
  readonly name: string;
  /** Resolves once the start is acknowledged. */
  start(): Promise<Flow>;
  close(): Promise<void>;
}

export interface Flow {
  /** What the customer's window shows; undefined until there is one. */
  attestationId(): Promise<string | undefined>;
  /** Reports the customer's acceptance; resolves once that is acknowledged. */
  accept(): Promise<void>;
  /** Resolves with the end of the run, and throws when that is not an agreement. */
  ended(): Promise<void>;
}
