import type { Deal } from './plan';

/** What this side knows of one deal: the CRM's own books, which the product is held to. */
export interface Entry {
  readonly deal: Deal;
  /** The start was acknowledged. */
  started: boolean;
  /** The customer has accepted in Microsoft's window. */
  accepted: boolean;
  /** How the report of the acceptance was acknowledged: with a receipt, or as stored until a worker reads it. */
  acknowledged?: 'recorded' | 'stored';
  /** The answer to the report where it was a no, for example because an unheard report had already ended the run. */
  refused?: string;
  /** Calls that ended without an answer, or with one that says nothing, and were made again. */
  repeats: number;
  lastTrouble?: string;
}

export function openLedger(deals: readonly Deal[]): Entry[] {
  return deals.map((deal) => ({ deal, started: false, accepted: false, repeats: 0 }));
}
