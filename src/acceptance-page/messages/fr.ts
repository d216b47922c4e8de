import { html } from '../html';
import type { Messages } from './messages';

export const fr: Messages = {
  language: 'fr',
  direction: 'ltr',
  languageName: 'Français',
  chooseLanguage: 'Langue',

  agreement: 'Contrat client Microsoft',
  heading: (company) => html`Contrat client Microsoft pour ${company}`,
  introduction: (company) =>
    html`Votre partenaire Microsoft vous demande d’accepter le Contrat client Microsoft (Microsoft Customer Agreement)
    pour ${company}. C’est le contrat avec Microsoft selon lequel votre entreprise achète et utilise les services cloud
    de Microsoft.`,
  company: 'Entreprise',
  signatory: 'Signataire',

  step1: (button) => html`Étape 1 sur 2 : sélectionnez ${button} dans la fenêtre de Microsoft`,
  step1Text: 'Lisez le contrat dans la fenêtre ci-dessous. La fenêtre et le contrat proviennent de Microsoft.',
  frameTitle: 'Fenêtre de Microsoft contenant le Contrat client Microsoft',
  openInNewTab: 'Ouvrir dans un nouvel onglet',
  newTabReason: 'Utile si la fenêtre reste vide. Revenez ensuite ici.',
  openUntil: (time) => html`La fenêtre reste ouverte jusqu’à cette date : ${time}.`,
  timeLeft: 'Temps restant : {duration}',
  windowEndsSoon: 'La fenêtre de Microsoft se ferme dans moins de cinq minutes. Vous pourrez la rouvrir ensuite.',
  linkEndsSoon:
    'Ce lien expire dans moins de cinq minutes. Veuillez terminer avant, ou demandez un nouveau lien à votre partenaire.',

  step2: 'Étape 2 sur 2 : terminer',
  step2Text: (button) =>
    html`La fenêtre de Microsoft ne nous dit pas ce que vous y sélectionnez. Après avoir sélectionné ${button},
    confirmez-le ici.`,
  statement: (name, company) => html`Je suis ${name} et je peux accepter ce contrat pour ${company}.`,
  statementMissing: 'Veuillez d’abord cocher la phrase : elle est nécessaire pour terminer.',
  finish: 'Terminer',
  refused: {
    title: 'Microsoft n’a pas encore connaissance de votre acceptation',
    text: (button) =>
      html`Veuillez vérifier dans la fenêtre de Microsoft que vous avez bien sélectionné ${button}. Sélectionnez ensuite
      de nouveau « Terminer ».`,
  },

  otherwise: 'Vous ne souhaitez pas continuer ?',
  doesNotAccept: {
    summary: 'Je n’accepte pas',
    consequence:
      'La demande prend fin définitivement. Votre partenaire est informé que vous n’acceptez pas le contrat.',
    comment: 'Votre motif ou votre question (facultatif)',
    button: 'Mettre fin à la demande : je n’accepte pas',
  },
  wrongPerson: {
    summary: (name) => html`Je ne suis pas ${name}`,
    consequence:
      'La demande prend fin définitivement. Votre partenaire est informé qu’elle n’a pas atteint la bonne personne.',
    comment: 'À qui faut-il s’adresser ? (facultatif)',
    button: 'Mettre fin à la demande : ce n’est pas moi',
  },

  ranOut: {
    title: 'La fenêtre de Microsoft s’est fermée',
    text: (linkEnd) =>
      html`Microsoft ne garde le contrat ouvert que pour un temps limité. Votre lien reste valable jusqu’à cette date :
      ${linkEnd}.`,
    question: (button) => html`Aviez-vous déjà sélectionné ${button} dans la fenêtre de Microsoft ?`,
    yes: 'Oui : terminer',
    no: 'Non, rouvrir la fenêtre',
    refusedText:
      'Microsoft n’a pas connaissance de votre acceptation. Veuillez rouvrir la fenêtre et y accepter le contrat.',
    renew: 'Rouvrir la fenêtre',
  },

  preparing: {
    title: 'Le contrat est en préparation',
    text: (company) =>
      html`Le contrat de ${company} est demandé à Microsoft. Cette page continue d’elle-même dans un instant.`,
  },
  noWorker: {
    title: 'Le contrat ne peut pas encore être affiché',
    text: () =>
      html`Il est en préparation. Cette page réessaie d’elle-même ; vous pouvez aussi revenir plus tard avec le même
      lien.`,
  },
  saved: {
    title: 'Votre acceptation est enregistrée',
    text: (company) =>
      html`Nous demandons maintenant à Microsoft d’enregistrer le contrat de ${company}. Vous pouvez fermer cette page ;
      s’il manque quelque chose, le même lien vous le dira.`,
  },
  created: {
    title: 'Terminé : le contrat est enregistré',
    text: (company) =>
      html`Microsoft a confirmé le Contrat client Microsoft de ${company}. Vous n’avez plus rien à faire.`,
  },
  alreadyExists: {
    title: 'Le contrat était déjà enregistré',
    text: (company) =>
      html`Microsoft dispose déjà d’un Contrat client Microsoft confirmé pour ${company}. Vous n’avez plus rien à faire.`,
  },
  expired: {
    title: 'Ce lien a expiré',
    text: () => html`Aucune acceptation n’a été enregistrée. Veuillez demander un nouveau lien à votre partenaire.`,
  },
  expiredUnconfirmed: {
    title: 'Ce lien a expiré',
    text: () =>
      html`La fenêtre de Microsoft a été utilisée, mais pas la dernière étape, « Terminer ». Si vous y avez accepté le
      contrat, veuillez le dire à votre partenaire.`,
  },
  declined: {
    title: 'La demande a pris fin : contrat non accepté',
    text: () =>
      html`Votre partenaire a été informé que le contrat n’est pas accepté. Si vous changez d’avis, demandez-lui un
      nouveau lien.`,
  },
  declinedWrongPerson: {
    title: 'La demande a pris fin : mauvaise personne',
    text: () =>
      html`Merci. Votre partenaire a été informé qu’il faut s’adresser à quelqu’un d’autre. Vous n’avez plus rien à
      faire.`,
  },
  withdrawn: {
    title: 'Votre partenaire a retiré cette demande',
    text: () => html`Vous n’avez rien à faire. Si cela vous surprend, veuillez interroger votre partenaire.`,
  },
  failed: {
    title: 'Cette demande a été close avant d’être terminée',
    text: () => html`L’erreur ne vient pas de vous. Veuillez demander un nouveau lien à votre partenaire.`,
  },
  replaced: {
    title: 'Il existe une demande plus récente',
    text: () =>
      html`Ce lien appartient à une demande antérieure. Veuillez utiliser le lien le plus récent de votre partenaire.`,
  },
  attention: {
    title: 'Votre partenaire s’en occupe',
    text: () =>
      html`Le contrat ne peut pas être affiché pour le moment. Vous n’avez rien à faire ; veuillez réessayer ce lien
      plus tard.`,
  },
  attentionAfterAcceptance: {
    title: 'Votre acceptation est enregistrée ; votre partenaire s’en occupe',
    text: () =>
      html`Microsoft n’a pas encore confirmé le contrat. Vous n’avez rien à faire ; votre partenaire vous écrira s’il
      manque quelque chose.`,
  },
  rejected: {
    title: 'Votre partenaire doit d’abord corriger des données',
    text: (company) =>
      html`Microsoft n’accepte pas les données de ${company} telles qu’elles ont été envoyées. Votre partenaire en est
      informé et vous enverra un nouveau lien.`,
  },
  checkAgain: 'Vérifier de nouveau',

  unknownLink: {
    title: 'Ce lien n’est pas valable',
    text: 'Veuillez copier le lien entier depuis le message reçu, ou demandez-en un nouveau à votre partenaire.',
  },
  unavailable: {
    title: 'Cette page ne peut pas être affichée pour le moment',
    text: 'L’erreur vient de notre côté. Rien n’est perdu ; veuillez réessayer dans une minute.',
  },
  notSaved: {
    title: 'Votre réponse n’a pas encore pu être enregistrée',
    text: 'L’erreur vient de notre côté, et rien d’autre n’est perdu. Veuillez réessayer.',
  },
  tooOften: {
    title: 'La fenêtre a été ouverte trop souvent',
    text: 'Elle ne peut plus être rouverte avec ce lien. Veuillez en demander un nouveau à votre partenaire.',
  },
  tryAgain: 'Réessayer',

  footer: 'Cette page est celle de votre partenaire Microsoft. Le contrat dans la fenêtre est celui de Microsoft.',
};
