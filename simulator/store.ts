/** Partner Center's data. Times are milliseconds since the epoch by the simulator's clock; ids are in lower case. */
import type { Answer } from './operations';

export interface Contact {
  firstName: string;
  lastName: string;
  email: string;
  phoneNumber?: string;
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
  /** Ids of the customers for whom an agreement was created with it. */
  usedBy: string[];
}

export interface Agreement {
  customerId: string;
  attestationId: string | null;
  userId: string | null;
  /** The attestation's signatory, or the primary contact that was sent. */
  contact: Contact;
  companyName: string | null;
  templateId: string;
  type: string;
  dateAgreed: number;
  createdAt: number;
  requestId: string | null;
}

export interface StoredRecords {
  attestations: Attestation[];
  agreements: Agreement[];
  directAcceptances: Record<string, number>;
  replays: Record<string, Answer>;
}

export class Store {
  readonly attestations = new Map<string, Attestation>();
  /** Customer id → when its administrator accepted with Microsoft directly. */
  readonly directAcceptances = new Map<string, number>();
  /** Customer and request id → the first answer; filled only while replay is switched on. */
  readonly replays = new Map<string, Answer>();
  readonly #agreements = new Map<string, Agreement[]>();

  addAgreement(agreement: Agreement): void {
    const known = this.#agreements.get(agreement.customerId);
    if (known) known.push(agreement);
    else this.#agreements.set(agreement.customerId, [agreement]);
  }

  getAgreements(customerId: string): readonly Agreement[] {
    return this.#agreements.get(customerId) ?? [];
  }

  /** Of all customers, oldest first. */
  getAllAgreements(): Agreement[] {
    return [...this.#agreements.values()].flat().toSorted((one, other) => one.createdAt - other.createdAt);
  }

  clear(): void {
    for (const map of [this.attestations, this.directAcceptances, this.replays, this.#agreements]) map.clear();
  }

  toRecords(): StoredRecords {
    return {
      attestations: [...this.attestations.values()],
      agreements: this.getAllAgreements(),
      directAcceptances: Object.fromEntries(this.directAcceptances),
      replays: Object.fromEntries(this.replays),
    };
  }

  restore(records: StoredRecords): void {
    this.clear();
    for (const attestation of records.attestations) this.attestations.set(attestation.id, attestation);
    for (const agreement of records.agreements) this.addAgreement(agreement);
    for (const [customerId, at] of Object.entries(records.directAcceptances))
      this.directAcceptances.set(customerId, at);
    for (const [key, answer] of Object.entries(records.replays)) this.replays.set(key, answer);
  }
}
