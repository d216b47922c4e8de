/** All state of one running simulator, and the type of the handlers that work on it. */
import { Tokens, type TokenState } from './access-tokens';
import { Faults } from './faults';
import { Journal } from './journal';
import type { Answer, Call } from './operations';
import { Store, type StoredRecords } from './store';
import { defaultSwitches, patchSwitches, type Switches, type SwitchesPatch } from './switches';

/** Answers a call; its changes to the simulation are committed when it returns. */
export type Handler = (simulation: Simulation, call: Call) => Answer;

export interface Credentials {
  tenantId: string;
  clientId: string;
  clientSecret: string;
}

/** What survives a restart. Switches, faults, the journal and a changed secret do not. */
export interface StoredState extends StoredRecords {
  version: 1;
  clockOffsetMs: number;
  tokens: TokenState;
}

export class Simulation {
  readonly clock = new Clock();
  readonly store = new Store();
  readonly tokens = new Tokens();
  readonly faults = new Faults();
  readonly journal = new Journal();
  readonly crmEvents = new Journal();
  readonly throttle = new Throttle();
  readonly expiredSecrets = new Set<string>();
  switches: Switches;
  credentials: Credentials;
  /** Called after every change to what survives a restart. */
  onChange: () => void = () => {};
  #untilReset = new AbortController();
  readonly #initial: { switches: Switches; credentials: Credentials };

  constructor(credentials: Credentials, switches: SwitchesPatch = {}) {
    this.credentials = credentials;
    this.switches = patchSwitches(defaultSwitches, switches);
    this.#initial = { switches: this.switches, credentials };
  }

  /** Aborted by the next reset, which drops the calls that are delayed. */
  get untilReset(): AbortSignal {
    return this.#untilReset.signal;
  }

  /** Replaces the client secret; from now on the previous one is refused as expired. */
  changeSecret(clientSecret: string): void {
    this.expiredSecrets.add(this.credentials.clientSecret);
    this.expiredSecrets.delete(clientSecret);
    this.credentials = { ...this.credentials, clientSecret };
  }

  /** Restores the initial state. Tokens stay valid, so that tests need no new ones after a reset. */
  reset(): void {
    for (const part of [this.store, this.faults, this.journal, this.crmEvents, this.expiredSecrets]) part.clear();
    this.#untilReset.abort();
    this.#untilReset = new AbortController();
    this.clock.offsetMs = 0;
    this.switches = this.#initial.switches;
    this.credentials = this.#initial.credentials;
  }

  toState(): StoredState {
    const { clock, tokens, store } = this;
    return { version: 1, clockOffsetMs: clock.offsetMs, tokens: tokens.state, ...store.toRecords() };
  }

  restore(state: StoredState): void {
    this.store.restore(state);
    this.clock.offsetMs = state.clockOffsetMs;
    this.tokens.state = state.tokens;
  }
}

/** Partner Center's clock, which tests can move by days. Tokens and the journal use the machine's clock. */
class Clock {
  offsetMs = 0;

  /** Milliseconds since the epoch. */
  now(): number {
    return Date.now() + this.offsetMs;
  }
}

/** Counts calls per second of the machine's clock, for the partner and for each customer. */
class Throttle {
  #second = 0;
  #counts = new Map<string, number>();

  /** Counts the call; true when it exceeds a limit. */
  exceeds(limits: Switches['throttle'], customerId: string): boolean {
    const second = Math.floor(Date.now() / 1000);
    if (second !== this.#second) {
      this.#second = second;
      this.#counts.clear();
    }
    const partnerExceeds = this.#count('partner', limits.perPartnerPerSecond);
    const customerExceeds = customerId !== '' && this.#count(customerId, limits.perCustomerPerSecond);
    return partnerExceeds || customerExceeds;
  }

  #count(key: string, limit: number | null): boolean {
    if (limit === null) return false;
    const count = (this.#counts.get(key) ?? 0) + 1;
    this.#counts.set(key, count);
    return count > limit;
  }
}
