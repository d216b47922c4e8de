import { html } from '../html';
import type { Messages } from './messages';

export const de: Messages = {
  language: 'de',
  direction: 'ltr',
  languageName: 'Deutsch',
  chooseLanguage: 'Sprache',

  agreement: 'Microsoft-Kundenvereinbarung',
  heading: (company) => html`Microsoft-Kundenvereinbarung für ${company}`,
  introduction: (company) =>
    html`Ihr Microsoft-Partner bittet Sie, die Microsoft-Kundenvereinbarung (Microsoft Customer Agreement) für
    ${company} anzunehmen. Sie ist der Vertrag mit Microsoft, nach dem Ihr Unternehmen Clouddienste von Microsoft
    bezieht und nutzt.`,
  company: 'Unternehmen',
  signatory: 'Unterzeichnende Person',

  step1: (button) => html`Schritt 1 von 2: ${button} im Fenster von Microsoft wählen`,
  step1Text: 'Lesen Sie die Vereinbarung im folgenden Fenster. Fenster und Vereinbarung kommen von Microsoft.',
  frameTitle: 'Fenster von Microsoft mit der Microsoft-Kundenvereinbarung',
  openInNewTab: 'In neuem Tab öffnen',
  newTabReason: 'Falls das Fenster leer bleibt. Kommen Sie danach hierher zurück.',
  openUntil: (time) => html`Das Fenster bleibt offen bis ${time}.`,
  timeLeft: 'Verbleibende Zeit: {duration}',
  windowEndsSoon: 'Das Fenster von Microsoft schließt in weniger als fünf Minuten. Sie können es danach wieder öffnen.',
  linkEndsSoon:
    'Dieser Link endet in weniger als fünf Minuten. Bitte schließen Sie vorher ab, oder bitten Sie Ihren Partner um einen neuen Link.',

  step2: 'Schritt 2 von 2: Abschließen',
  step2Text: (button) =>
    html`Das Fenster von Microsoft teilt uns nicht mit, was Sie dort wählen. Bestätigen Sie hier, sobald Sie ${button}
    gewählt haben.`,
  statement: (name, company) => html`Ich bin ${name} und darf diese Vereinbarung für ${company} annehmen.`,
  statementMissing: 'Bitte kreuzen Sie zuerst den Satz an: Ohne ihn lässt sich nicht abschließen.',
  finish: 'Abschließen',
  refused: {
    title: 'Microsoft weiß noch nichts von Ihrer Annahme',
    text: (button) =>
      html`Bitte sehen Sie im Fenster von Microsoft nach, ob Sie ${button} gewählt haben. Wählen Sie dann noch einmal
      „Abschließen“.`,
  },

  otherwise: 'Sie möchten nicht fortfahren?',
  doesNotAccept: {
    summary: 'Ich nehme nicht an',
    consequence: 'Damit endet die Anfrage endgültig. Ihr Partner erfährt, dass Sie die Vereinbarung nicht annehmen.',
    comment: 'Ihr Grund oder Ihre Frage (freiwillig)',
    button: 'Anfrage beenden: Ich nehme nicht an',
  },
  wrongPerson: {
    summary: (name) => html`Ich bin nicht ${name}`,
    consequence: 'Damit endet die Anfrage endgültig. Ihr Partner erfährt, dass sie die falsche Person erreicht hat.',
    comment: 'Wer soll stattdessen gefragt werden? (freiwillig)',
    button: 'Anfrage beenden: Ich bin die falsche Person',
  },

  ranOut: {
    title: 'Das Fenster von Microsoft hat sich geschlossen',
    text: (linkEnd) =>
      html`Microsoft hält die Vereinbarung nur für begrenzte Zeit offen. Ihr Link gilt weiter, bis ${linkEnd}.`,
    question: (button) => html`Haben Sie im Fenster von Microsoft schon ${button} gewählt?`,
    yes: 'Ja: abschließen',
    no: 'Nein, Fenster wieder öffnen',
    refusedText:
      'Microsoft weiß nichts von Ihrer Annahme. Bitte öffnen Sie das Fenster wieder und nehmen Sie die Vereinbarung dort an.',
    renew: 'Fenster wieder öffnen',
  },

  preparing: {
    title: 'Die Vereinbarung wird vorbereitet',
    text: (company) =>
      html`Die Vereinbarung für ${company} wird bei Microsoft angefordert. Gleich geht es hier von selbst weiter.`,
  },
  noWorker: {
    title: 'Die Vereinbarung kann noch nicht angezeigt werden',
    text: () =>
      html`Sie wird vorbereitet. Diese Seite versucht es von selbst wieder; Sie können auch später mit demselben Link
      zurückkommen.`,
  },
  saved: {
    title: 'Ihre Annahme ist gespeichert',
    text: (company) =>
      html`Wir bitten Microsoft nun, die Vereinbarung für ${company} einzutragen. Sie können diese Seite schließen;
      falls noch etwas fehlt, steht es unter demselben Link.`,
  },
  created: {
    title: 'Fertig: Die Vereinbarung ist eingetragen',
    text: (company) =>
      html`Microsoft hat die Microsoft-Kundenvereinbarung für ${company} bestätigt. Es ist nichts weiter zu tun.`,
  },
  alreadyExists: {
    title: 'Die Vereinbarung war schon eingetragen',
    text: (company) =>
      html`Microsoft liegt bereits eine bestätigte Microsoft-Kundenvereinbarung für ${company} vor. Es ist nichts weiter
      zu tun.`,
  },
  expired: {
    title: 'Dieser Link ist abgelaufen',
    text: () => html`Es wurde keine Annahme festgehalten. Bitte bitten Sie Ihren Partner um einen neuen Link.`,
  },
  expiredUnconfirmed: {
    title: 'Dieser Link ist abgelaufen',
    text: () =>
      html`Das Fenster von Microsoft wurde benutzt, der letzte Schritt „Abschließen“ aber nicht. Falls Sie die
      Vereinbarung dort angenommen haben, sagen Sie es bitte Ihrem Partner.`,
  },
  declined: {
    title: 'Die Anfrage ist beendet: nicht angenommen',
    text: () =>
      html`Ihr Partner hat erfahren, dass die Vereinbarung nicht angenommen wird. Wenn Sie Ihre Meinung ändern, bitten
      Sie ihn um einen neuen Link.`,
  },
  declinedWrongPerson: {
    title: 'Die Anfrage ist beendet: falsche Person',
    text: () =>
      html`Vielen Dank. Ihr Partner hat erfahren, dass jemand anderes gefragt werden muss. Für Sie ist nichts weiter zu
      tun.`,
  },
  withdrawn: {
    title: 'Ihr Partner hat diese Anfrage zurückgezogen',
    text: () => html`Es ist nichts zu tun. Falls Sie das nicht erwartet haben, fragen Sie bitte Ihren Partner.`,
  },
  failed: {
    title: 'Diese Anfrage wurde vor ihrem Abschluss beendet',
    text: () => html`Der Fehler liegt nicht bei Ihnen. Bitte bitten Sie Ihren Partner um einen neuen Link.`,
  },
  replaced: {
    title: 'Es gibt eine neuere Anfrage',
    text: () =>
      html`Dieser Link gehört zu einer früheren Anfrage. Bitte benutzen Sie den neuesten Link Ihres Partners.`,
  },
  attention: {
    title: 'Ihr Partner kümmert sich darum',
    text: () =>
      html`Die Vereinbarung kann im Moment nicht angezeigt werden. Für Sie ist nichts zu tun; bitte versuchen Sie es
      später mit diesem Link wieder.`,
  },
  attentionAfterAcceptance: {
    title: 'Ihre Annahme ist gespeichert; Ihr Partner kümmert sich darum',
    text: () =>
      html`Microsoft hat die Vereinbarung noch nicht bestätigt. Für Sie ist nichts zu tun; Ihr Partner meldet sich,
      falls etwas fehlt.`,
  },
  rejected: {
    title: 'Ihr Partner muss zuerst etwas berichtigen',
    text: (company) =>
      html`Microsoft nimmt die übermittelten Angaben zu ${company} so nicht an. Ihr Partner weiß davon und schickt Ihnen
      einen neuen Link.`,
  },
  checkAgain: 'Noch einmal nachsehen',

  unknownLink: {
    title: 'Dieser Link ist ungültig',
    text: 'Bitte kopieren Sie den ganzen Link aus der Nachricht, die Sie erhalten haben, oder bitten Sie Ihren Partner um einen neuen.',
  },
  unavailable: {
    title: 'Diese Seite kann im Moment nicht angezeigt werden',
    text: 'Der Fehler liegt bei uns. Nichts ist verloren; bitte versuchen Sie es in einer Minute wieder.',
  },
  notSaved: {
    title: 'Ihre Antwort konnte noch nicht gespeichert werden',
    text: 'Der Fehler liegt bei uns, und sonst ist nichts verloren. Bitte versuchen Sie es noch einmal.',
  },
  tooOften: {
    title: 'Das Fenster wurde zu oft geöffnet',
    text: 'Mit diesem Link lässt es sich nicht mehr öffnen. Bitte bitten Sie Ihren Partner um einen neuen.',
  },
  tryAgain: 'Noch einmal versuchen',

  footer: 'Diese Seite stellt Ihr Microsoft-Partner bereit. Die Vereinbarung im Fenster stammt von Microsoft.',
};
