/** Everything one running simulator holds, gathered for its routes. */
import { Clock } from './clock';
import { Faults } from './faults';
import { Journal } from './journal';
import { Store, type StoredState } from './store';
import { defaultSwitches, patchSwitches, type Switches, type SwitchesPatch } from './switches';
import { Throttle } from './throttle';
import { Tokens, type TokenState } from './tokens';

export interface Credentials {
  tenantId: string;
  clientId: string;
  clientSecret: string;
}

/** What a restart brings back. Switches, faults, the journal and a changed secret belong to one run. */
export interface WorldState extends StoredState {
  version: 1;
  clockOffsetMs: number;
  tokens: TokenState;
}

export class World {
  readonly clock = new Clock();
  readonly store = new Store();
  readonly tokens = new Tokens();
  readonly faults = new Faults();
  readonly journal = new Journal();
  readonly crmEvents = new Journal();
  readonly throttle = new Throttle();
  /** How often the world began anew: what was under way before belongs to no one now. */
  resets = 0;
  readonly expiredSecrets = new Set<string>();
  switches: Switches;
  credentials: Credentials;
  /** Called after every change of what a restart would bring back. */
  onChange: () => void = () => {};
  readonly #initial: { switches: Switches; credentials: Credentials };

  constructor(credentials: Credentials, switches: SwitchesPatch = {}) {
    this.credentials = credentials;
    this.switches = patchSwitches(defaultSwitches, switches);
    this.#initial = { switches: this.switches, credentials };
  }

  /** The secret in force so far counts as expired from now on. */
  changeSecret(clientSecret: string): void {
    this.expiredSecrets.add(this.credentials.clientSecret);
    this.expiredSecrets.delete(clientSecret);
    this.credentials = { ...this.credentials, clientSecret };
  }

  /** Back to how it was started, but for the tokens in circulation: their holders need not notice. */
  reset(): void {
    for (const part of [this.store, this.faults, this.journal, this.crmEvents, this.expiredSecrets]) part.clear();
    this.resets += 1;
    this.clock.offsetMs = 0;
    this.switches = this.#initial.switches;
    this.credentials = this.#initial.credentials;
  }

  toState(): WorldState {
    const { clock, tokens, store } = this;
    return { version: 1, clockOffsetMs: clock.offsetMs, tokens: tokens.state, ...store.toState() };
  }

  restore(state: WorldState): void {
    this.store.restore(state);
    this.clock.offsetMs = state.clockOffsetMs;
    this.tokens.state = state.tokens;
  }
}
