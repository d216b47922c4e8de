import { html } from '../html';
import type { Messages } from './messages';

export const nl: Messages = {
  language: 'nl',
  direction: 'ltr',
  languageName: 'Nederlands',
  chooseLanguage: 'Taal',

  agreement: 'Microsoft-klantovereenkomst',
  heading: (company) => html`Microsoft-klantovereenkomst voor ${company}`,
  introduction: (company) =>
    html`Uw Microsoft-partner vraagt u de Microsoft-klantovereenkomst (Microsoft Customer Agreement) te accepteren voor
    ${company}. Dit is het contract met Microsoft waaronder uw bedrijf clouddiensten van Microsoft koopt en gebruikt.`,
  company: 'Bedrijf',
  signatory: 'Ondertekenaar',

  step1: (button) => html`Stap 1 van 2: kies ${button} in het venster van Microsoft`,
  step1Text: 'Lees de overeenkomst in het venster hieronder. Het venster en de overeenkomst komen van Microsoft.',
  frameTitle: 'Venster van Microsoft met de Microsoft-klantovereenkomst',
  openInNewTab: 'Openen in een nieuw tabblad',
  newTabReason: 'Voor het geval het venster leeg blijft. Kom daarna hier terug.',
  openUntil: (time) => html`Het venster blijft open tot ${time}.`,
  timeLeft: 'Resterende tijd: {duration}',
  windowEndsSoon: 'Het venster van Microsoft sluit over minder dan vijf minuten. U kunt het daarna opnieuw openen.',
  linkEndsSoon:
    'Deze link verloopt over minder dan vijf minuten. Rond het vóór die tijd af of vraag uw partner om een nieuwe link.',

  step2: 'Stap 2 van 2: afronden',
  step2Text: (button) =>
    html`Het venster van Microsoft vertelt ons niet wat u daar kiest. Bevestig het hier zodra u ${button} hebt gekozen.`,
  statement: (name, company) => html`Ik ben ${name} en ik mag deze overeenkomst accepteren voor ${company}.`,
  statementMissing: 'Vink eerst de zin aan: die is nodig om af te ronden.',
  finish: 'Afronden',
  refused: {
    title: 'Microsoft weet nog niets van uw acceptatie',
    text: (button) =>
      html`Kijk in het venster van Microsoft na of u ${button} hebt gekozen. Kies daarna nogmaals ‘Afronden’.`,
  },

  otherwise: 'Wilt u niet verdergaan?',
  doesNotAccept: {
    summary: 'Ik accepteer niet',
    consequence:
      'Hiermee eindigt het verzoek definitief. Uw partner krijgt te horen dat u de overeenkomst niet accepteert.',
    comment: 'Uw reden of vraag (optioneel)',
    button: 'Verzoek beëindigen: ik accepteer niet',
  },
  wrongPerson: {
    summary: (name) => html`Ik ben niet ${name}`,
    consequence:
      'Hiermee eindigt het verzoek definitief. Uw partner krijgt te horen dat het de verkeerde persoon heeft bereikt.',
    comment: 'Aan wie kan het beter worden gevraagd? (optioneel)',
    button: 'Verzoek beëindigen: ik ben de verkeerde persoon',
  },

  ranOut: {
    title: 'Het venster van Microsoft is gesloten',
    text: (linkEnd) =>
      html`Microsoft houdt de overeenkomst maar een beperkte tijd open. Uw link blijft geldig tot ${linkEnd}.`,
    question: (button) => html`Hebt u in het venster van Microsoft al ${button} gekozen?`,
    yes: 'Ja: afronden',
    no: 'Nee, venster opnieuw openen',
    refusedText: 'Microsoft weet niets van uw acceptatie. Open het venster opnieuw en accepteer de overeenkomst daar.',
    renew: 'Venster opnieuw openen',
  },

  preparing: {
    title: 'De overeenkomst wordt voorbereid',
    text: (company) =>
      html`De overeenkomst voor ${company} wordt bij Microsoft opgevraagd. Deze pagina gaat zo vanzelf verder.`,
  },
  noWorker: {
    title: 'De overeenkomst kan nog niet worden getoond',
    text: () =>
      html`Ze wordt voorbereid. Deze pagina probeert het vanzelf opnieuw; u kunt ook later met dezelfde link terugkomen.`,
  },
  saved: {
    title: 'Uw acceptatie is opgeslagen',
    text: (company) =>
      html`We vragen Microsoft nu de overeenkomst voor ${company} vast te leggen. U kunt deze pagina sluiten; als er
      iets ontbreekt, ziet u dat via dezelfde link.`,
  },
  created: {
    title: 'Klaar: de overeenkomst is vastgelegd',
    text: (company) =>
      html`Microsoft heeft de Microsoft-klantovereenkomst voor ${company} bevestigd. U hoeft niets meer te doen.`,
  },
  alreadyExists: {
    title: 'De overeenkomst was al vastgelegd',
    text: (company) =>
      html`Microsoft heeft al een bevestigde Microsoft-klantovereenkomst voor ${company}. U hoeft niets meer te doen.`,
  },
  expired: {
    title: 'Deze link is verlopen',
    text: () => html`Er is geen acceptatie vastgelegd. Vraag uw partner om een nieuwe link.`,
  },
  expiredUnconfirmed: {
    title: 'Deze link is verlopen',
    text: () =>
      html`Het venster van Microsoft is gebruikt, maar de laatste stap, ‘Afronden’, niet. Als u de overeenkomst daar
      hebt geaccepteerd, laat dat dan uw partner weten.`,
  },
  declined: {
    title: 'Het verzoek is beëindigd: niet geaccepteerd',
    text: () =>
      html`Uw partner heeft te horen gekregen dat de overeenkomst niet wordt geaccepteerd. Verandert u van mening, vraag
      dan om een nieuwe link.`,
  },
  declinedWrongPerson: {
    title: 'Het verzoek is beëindigd: verkeerde persoon',
    text: () =>
      html`Dank u. Uw partner heeft te horen gekregen dat het aan iemand anders moet worden gevraagd. U hoeft niets meer
      te doen.`,
  },
  withdrawn: {
    title: 'Uw partner heeft dit verzoek ingetrokken',
    text: () => html`U hoeft niets te doen. Had u dit niet verwacht, vraag het dan aan uw partner.`,
  },
  failed: {
    title: 'Dit verzoek is gesloten voordat het klaar was',
    text: () => html`De fout ligt niet bij u. Vraag uw partner om een nieuwe link.`,
  },
  replaced: {
    title: 'Er is een nieuwer verzoek',
    text: () => html`Deze link hoort bij een eerder verzoek. Gebruik de nieuwste link van uw partner.`,
  },
  attention: {
    title: 'Uw partner kijkt ernaar',
    text: () =>
      html`De overeenkomst kan op dit moment niet worden getoond. U hoeft niets te doen; probeer deze link later
      opnieuw.`,
  },
  attentionAfterAcceptance: {
    title: 'Uw acceptatie is opgeslagen; uw partner kijkt ernaar',
    text: () =>
      html`Microsoft heeft de overeenkomst nog niet bevestigd. U hoeft niets te doen; uw partner neemt contact op als er
      iets ontbreekt.`,
  },
  rejected: {
    title: 'Uw partner moet eerst iets corrigeren',
    text: (company) =>
      html`Microsoft accepteert de gegevens van ${company} niet zoals ze zijn verstuurd. Uw partner weet het en stuurt u
      een nieuwe link.`,
  },
  checkAgain: 'Opnieuw kijken',

  unknownLink: {
    title: 'Deze link is niet geldig',
    text: 'Kopieer de hele link uit het bericht dat u hebt ontvangen, of vraag uw partner om een nieuwe.',
  },
  unavailable: {
    title: 'Deze pagina kan op dit moment niet worden getoond',
    text: 'De fout ligt bij ons. Er is niets verloren; probeer het over een minuut opnieuw.',
  },
  notSaved: {
    title: 'Uw antwoord kon nog niet worden opgeslagen',
    text: 'De fout ligt bij ons en verder is er niets verloren. Probeer het opnieuw.',
  },
  tooOften: {
    title: 'Het venster is te vaak geopend',
    text: 'Het kan met deze link niet meer worden geopend. Vraag uw partner om een nieuwe.',
  },
  tryAgain: 'Opnieuw proberen',

  footer: 'Deze pagina is van uw Microsoft-partner. De overeenkomst in het venster is van Microsoft.',
};
