/** What Partner Center knows. Times are milliseconds since the epoch by the simulator's clock; ids are in lower case. */
import type { Answer } from './operation';

export interface Contact {
  firstName: string;
  lastName: string;
  email: string;
  phoneNumber?: string | undefined;
}

export interface Attestation {
  id: string;
  createdAt: number;
  expiresAt: number;
  acceptedAt: number | null;
  country: string;
  language: string;
  companyName: string;
  contact: Contact;
  /** The customers of the agreements it served. */
  usedBy: string[];
}

export interface Agreement {
  customerId: string;
  attestationId: string | null;
  userId: string | null;
  /** The person it is recorded for: the attestation's signatory, or the primary contact that was sent. */
  contact: Contact;
  companyName: string | null;
  templateId: string;
  type: string;
  dateAgreed: number;
  createdAt: number;
  requestId: string | null;
}

export interface StoredState {
  attestations: Attestation[];
  agreements: Agreement[];
  directAcceptances: Record<string, number>;
  replays: Record<string, Answer>;
}

export class Store {
  readonly attestations = new Map<string, Attestation>();
  /** Customer id → when its administrator accepted with Microsoft directly. */
  readonly directAcceptances = new Map<string, number>();
  /** Customer and request id → the first answer, where answers are replayed. */
  readonly replays = new Map<string, Answer>();
  readonly #agreements = new Map<string, Agreement[]>();

  addAgreement(agreement: Agreement): void {
    const known = this.#agreements.get(agreement.customerId);
    if (known) known.push(agreement);
    else this.#agreements.set(agreement.customerId, [agreement]);
  }

  agreementsOf(customerId: string): readonly Agreement[] {
    return this.#agreements.get(customerId) ?? [];
  }

  /** Every customer's agreements, oldest first. */
  allAgreements(): Agreement[] {
    return [...this.#agreements.values()].flat().toSorted((one, other) => one.createdAt - other.createdAt);
  }

  clear(): void {
    for (const map of [this.attestations, this.directAcceptances, this.replays, this.#agreements]) map.clear();
  }

  toState(): StoredState {
    return {
      attestations: [...this.attestations.values()],
      agreements: this.allAgreements(),
      directAcceptances: Object.fromEntries(this.directAcceptances),
      replays: Object.fromEntries(this.replays),
    };
  }

  restore(state: StoredState): void {
    this.clear();
    for (const attestation of state.attestations) this.attestations.set(attestation.id, attestation);
    for (const agreement of state.agreements) this.addAgreement(agreement);
    for (const [customerId, at] of Object.entries(state.directAcceptances)) this.directAcceptances.set(customerId, at);
    for (const [key, answer] of Object.entries(state.replays)) this.replays.set(key, answer);
  }
}
