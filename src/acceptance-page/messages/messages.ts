import type { Html } from '../html';

export const languages = ['en', 'de', 'fr', 'es', 'nl', 'ja'] as const;
export type Language = (typeof languages)[number];

/**
 * The sentence the signatory confirms, by its version: evidence names it. Another wording in any language is another
 * version.
 */
export const STATEMENT_ID = 'mca-signatory-statement-1';

/** A view of the page that only tells something. */
export interface Notice {
  title: string;
  text: (company: Html) => Html;
}

/** Every text of the page in one language: one that is missing does not compile. Names and times come as markup. */
export interface Messages {
  language: Language;
  direction: 'ltr' | 'rtl';
  /** The language's name in itself. */
  languageName: string;
  chooseLanguage: string;

  agreement: string;
  heading: (company: Html) => Html;
  introduction: (company: Html) => Html;
  company: string;
  signatory: string;

  /** `button` is the name of the button in Microsoft's window. */
  step1: (button: Html) => Html;
  step1Text: string;
  frameTitle: string;
  openInNewTab: string;
  newTabReason: string;
  openUntil: (time: Html) => Html;
  /** With `{duration}` for the script to fill in. */
  timeLeft: string;
  windowEndsSoon: string;
  linkEndsSoon: string;

  step2: string;
  step2Text: (button: Html) => Html;
  statement: (name: Html, company: Html) => Html;
  statementMissing: string;
  finish: string;
  refused: { title: string; text: (button: Html) => Html };

  otherwise: string;
  doesNotAccept: { summary: string; consequence: string; comment: string; button: string };
  wrongPerson: { summary: (name: Html) => Html; consequence: string; comment: string; button: string };

  ranOut: {
    title: string;
    text: (linkEnd: Html) => Html;
    question: (button: Html) => Html;
    yes: string;
    no: string;
    refusedText: string;
    renew: string;
  };

  preparing: Notice;
  noWorker: Notice;
  saved: Notice;
  created: Notice;
  alreadyExists: Notice;
  expired: Notice;
  expiredUnconfirmed: Notice;
  declined: Notice;
  declinedWrongPerson: Notice;
  withdrawn: Notice;
  failed: Notice;
  replaced: Notice;
  attention: Notice;
  attentionAfterAcceptance: Notice;
  rejected: Notice;
  checkAgain: string;

  unknownLink: { title: string; text: string };
  unavailable: { title: string; text: string };
  notSaved: { title: string; text: string };
  tooOften: { title: string; text: string };
  tryAgain: string;

  footer: string;
}
