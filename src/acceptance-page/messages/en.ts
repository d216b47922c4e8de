import { html } from '../html';
import type { Messages } from './messages';

export const en: Messages = {
  language: 'en',
  direction: 'ltr',
  languageName: 'English',
  chooseLanguage: 'Language',

  agreement: 'Microsoft Customer Agreement',
  heading: (company) => html`Microsoft Customer Agreement for ${company}`,
  introduction: (company) =>
    html`Your Microsoft partner asks you to accept the Microsoft Customer Agreement for ${company}. It is the contract
    with Microsoft under which your company buys and uses Microsoft’s cloud services.`,
  company: 'Company',
  signatory: 'Signatory',

  step1: (button) => html`Step 1 of 2: select ${button} in Microsoft’s window`,
  step1Text: 'Read the agreement in the window below. The window and the agreement come from Microsoft.',
  frameTitle: 'Microsoft’s window with the Microsoft Customer Agreement',
  openInNewTab: 'Open in a new tab',
  newTabReason: 'Use this if the window stays empty, and come back here afterwards.',
  openUntil: (time) => html`The window stays open until ${time}.`,
  timeLeft: 'Time left: {duration}',
  windowEndsSoon: 'Microsoft’s window closes in less than five minutes. You can open it again afterwards.',
  linkEndsSoon: 'This link ends in less than five minutes. Please finish before, or ask your partner for a new link.',

  step2: 'Step 2 of 2: Finish',
  step2Text: (button) =>
    html`Microsoft’s window does not tell us what you select there. Once you have selected ${button}, confirm it here.`,
  statement: (name, company) => html`I am ${name}, and I may accept this agreement for ${company}.`,
  statementMissing: 'Please tick the sentence first: it is needed to finish.',
  finish: 'Finish',
  refused: {
    title: 'Microsoft does not know of your acceptance yet',
    text: (button) =>
      html`Please look again in Microsoft’s window whether you have selected ${button}. Then select Finish once more.`,
  },

  otherwise: 'You do not want to continue?',
  doesNotAccept: {
    summary: 'I do not accept',
    consequence: 'This ends the request for good. Your partner is told that you do not accept the agreement.',
    comment: 'Your reason or question (optional)',
    button: 'End the request: I do not accept',
  },
  wrongPerson: {
    summary: (name) => html`I am not ${name}`,
    consequence: 'This ends the request for good. Your partner is told that it has reached the wrong person.',
    comment: 'Who should be asked instead? (optional)',
    button: 'End the request: I am the wrong person',
  },

  ranOut: {
    title: 'Microsoft’s window has closed',
    text: (linkEnd) =>
      html`Microsoft keeps the agreement open for a limited time only. Your link still works, until ${linkEnd}.`,
    question: (button) => html`Did you already select ${button} in Microsoft’s window?`,
    yes: 'Yes, I did: finish',
    no: 'No, open the window again',
    refusedText:
      'Microsoft does not know of your acceptance. Please open the window again and accept the agreement there.',
    renew: 'Open the window again',
  },

  preparing: {
    title: 'The agreement is being prepared',
    text: (company) =>
      html`Microsoft is asked for the agreement of ${company}. This page goes on by itself in a moment.`,
  },
  noWorker: {
    title: 'The agreement is not ready to be shown',
    text: () =>
      html`It is being prepared. This page tries again by itself; you may also come back later with the same link.`,
  },
  saved: {
    title: 'Your acceptance is saved',
    text: (company) =>
      html`We are now asking Microsoft to put the agreement of ${company} on record. You may close this page; if
      something is missing, the same link tells you.`,
  },
  created: {
    title: 'Done: the agreement is on record',
    text: (company) =>
      html`Microsoft has confirmed the Microsoft Customer Agreement of ${company}. There is nothing more to do.`,
  },
  alreadyExists: {
    title: 'The agreement was already on record',
    text: (company) =>
      html`Microsoft already holds a confirmed Microsoft Customer Agreement of ${company}. There is nothing more to do.`,
  },
  expired: {
    title: 'This link has run out',
    text: () => html`No acceptance was recorded. Please ask your partner for a new link.`,
  },
  expiredUnconfirmed: {
    title: 'This link has run out',
    text: () =>
      html`Microsoft’s window was used, but the last step, Finish, was not. If you did accept the agreement there,
      please tell your partner.`,
  },
  declined: {
    title: 'The request has ended: not accepted',
    text: () =>
      html`Your partner has been told that the agreement is not accepted. If you change your mind, ask your partner for
      a new link.`,
  },
  declinedWrongPerson: {
    title: 'The request has ended: wrong person',
    text: () =>
      html`Thank you. Your partner has been told that somebody else must be asked. There is nothing more to do for you.`,
  },
  withdrawn: {
    title: 'Your partner has withdrawn this request',
    text: () => html`There is nothing to do. If you did not expect this, please ask your partner.`,
  },
  failed: {
    title: 'This request was closed before it was finished',
    text: () => html`The fault is not yours. Please ask your partner for a new link.`,
  },
  replaced: {
    title: 'There is a newer request',
    text: () => html`This link belongs to an earlier request. Please use the newest link that your partner sent you.`,
  },
  attention: {
    title: 'Your partner is looking at it',
    text: () =>
      html`The agreement cannot be shown at the moment. There is nothing to do for you; please try this link again
      later.`,
  },
  attentionAfterAcceptance: {
    title: 'Your acceptance is saved; your partner is looking at it',
    text: () =>
      html`Microsoft has not confirmed the agreement yet. There is nothing to do for you; your partner will write to you
      if something is missing.`,
  },
  rejected: {
    title: 'Your partner must correct something first',
    text: (company) =>
      html`Microsoft does not accept the details of ${company} as they were sent. Your partner has been told, and will
      send you a new link.`,
  },
  checkAgain: 'Check again',

  unknownLink: {
    title: 'This link is not valid',
    text: 'Please copy the whole link from the message you received, or ask your partner for a new one.',
  },
  unavailable: {
    title: 'This page cannot be shown at the moment',
    text: 'The fault is ours. Nothing is lost; please try again in a minute.',
  },
  notSaved: {
    title: 'Your answer could not be saved yet',
    text: 'The fault is ours, and nothing else is lost. Please try again.',
  },
  tooOften: {
    title: 'The window was opened too often',
    text: 'It cannot be opened again with this link. Please ask your partner for a new one.',
  },
  tryAgain: 'Try again',

  footer: 'This page is your Microsoft partner’s. The agreement in the window is Microsoft’s.',
};
