import { html } from '../html';
import type { Messages } from './messages';

export const es: Messages = {
  language: 'es',
  direction: 'ltr',
  languageName: 'Español',
  chooseLanguage: 'Idioma',

  agreement: 'Contrato de cliente de Microsoft',
  heading: (company) => html`Contrato de cliente de Microsoft para ${company}`,
  introduction: (company) =>
    html`Su partner de Microsoft le pide que acepte el Contrato de cliente de Microsoft (Microsoft Customer Agreement)
    para ${company}. Es el contrato con Microsoft según el cual su empresa compra y usa los servicios en la nube de
    Microsoft.`,
  company: 'Empresa',
  signatory: 'Firmante',

  step1: (button) => html`Paso 1 de 2: seleccione ${button} en la ventana de Microsoft`,
  step1Text: 'Lea el contrato en la siguiente ventana. La ventana y el contrato son de Microsoft.',
  frameTitle: 'Ventana de Microsoft con el Contrato de cliente de Microsoft',
  openInNewTab: 'Abrir en una pestaña nueva',
  newTabReason: 'Por si la ventana queda vacía. Después, vuelva aquí.',
  openUntil: (time) => html`La ventana permanece abierta hasta: ${time}.`,
  timeLeft: 'Tiempo restante: {duration}',
  windowEndsSoon: 'La ventana de Microsoft se cierra en menos de cinco minutos. Después podrá volver a abrirla.',
  linkEndsSoon: 'Este enlace caduca en menos de cinco minutos. Termine antes o pida un enlace nuevo a su partner.',

  step2: 'Paso 2 de 2: finalizar',
  step2Text: (button) =>
    html`La ventana de Microsoft no nos dice qué selecciona usted en ella. Cuando haya seleccionado ${button},
    confírmelo aquí.`,
  statement: (name, company) => html`Soy ${name} y puedo aceptar este contrato en nombre de ${company}.`,
  statementMissing: 'Marque primero la frase: es necesaria para finalizar.',
  finish: 'Finalizar',
  refused: {
    title: 'Microsoft aún no tiene constancia de su aceptación',
    text: (button) =>
      html`Compruebe en la ventana de Microsoft si ha seleccionado ${button}. Después seleccione otra vez «Finalizar».`,
  },

  otherwise: '¿No desea continuar?',
  doesNotAccept: {
    summary: 'No acepto',
    consequence: 'La solicitud termina definitivamente. Su partner sabrá que usted no acepta el contrato.',
    comment: 'Su motivo o su pregunta (opcional)',
    button: 'Terminar la solicitud: no acepto',
  },
  wrongPerson: {
    summary: (name) => html`No soy ${name}`,
    consequence: 'La solicitud termina definitivamente. Su partner sabrá que no ha llegado a la persona correcta.',
    comment: '¿A quién hay que preguntar? (opcional)',
    button: 'Terminar la solicitud: no soy esa persona',
  },

  ranOut: {
    title: 'La ventana de Microsoft se ha cerrado',
    text: (linkEnd) =>
      html`Microsoft mantiene abierto el contrato solo por un tiempo limitado. Su enlace sigue siendo válido hasta:
      ${linkEnd}.`,
    question: (button) => html`¿Había seleccionado ya ${button} en la ventana de Microsoft?`,
    yes: 'Sí: finalizar',
    no: 'No, abrir la ventana de nuevo',
    refusedText: 'Microsoft no tiene constancia de su aceptación. Abra la ventana de nuevo y acepte allí el contrato.',
    renew: 'Abrir la ventana de nuevo',
  },

  preparing: {
    title: 'El contrato se está preparando',
    text: (company) =>
      html`Se está pidiendo a Microsoft el contrato de ${company}. Esta página continuará por sí sola en un momento.`,
  },
  noWorker: {
    title: 'El contrato todavía no se puede mostrar',
    text: () =>
      html`Se está preparando. Esta página lo intenta de nuevo por sí sola; también puede volver más tarde con el mismo
      enlace.`,
  },
  saved: {
    title: 'Su aceptación está guardada',
    text: (company) =>
      html`Ahora pedimos a Microsoft que registre el contrato de ${company}. Puede cerrar esta página; si falta algo, el
      mismo enlace se lo dirá.`,
  },
  created: {
    title: 'Listo: el contrato está registrado',
    text: (company) =>
      html`Microsoft ha confirmado el Contrato de cliente de Microsoft de ${company}. No tiene que hacer nada más.`,
  },
  alreadyExists: {
    title: 'El contrato ya estaba registrado',
    text: (company) =>
      html`Microsoft ya tiene un Contrato de cliente de Microsoft confirmado de ${company}. No tiene que hacer nada más.`,
  },
  expired: {
    title: 'Este enlace ha caducado',
    text: () => html`No se registró ninguna aceptación. Pida un enlace nuevo a su partner.`,
  },
  expiredUnconfirmed: {
    title: 'Este enlace ha caducado',
    text: () =>
      html`Se usó la ventana de Microsoft, pero no el último paso, «Finalizar». Si aceptó allí el contrato, dígaselo a
      su partner.`,
  },
  declined: {
    title: 'La solicitud ha terminado: no aceptado',
    text: () => html`Su partner sabe que el contrato no se acepta. Si cambia de opinión, pídale un enlace nuevo.`,
  },
  declinedWrongPerson: {
    title: 'La solicitud ha terminado: persona equivocada',
    text: () => html`Gracias. Su partner sabe que debe preguntar a otra persona. No tiene que hacer nada más.`,
  },
  withdrawn: {
    title: 'Su partner ha retirado esta solicitud',
    text: () => html`No tiene que hacer nada. Si no lo esperaba, pregunte a su partner.`,
  },
  failed: {
    title: 'Esta solicitud se cerró antes de terminar',
    text: () => html`El error no es suyo. Pida un enlace nuevo a su partner.`,
  },
  replaced: {
    title: 'Hay una solicitud más reciente',
    text: () => html`Este enlace pertenece a una solicitud anterior. Use el enlace más reciente de su partner.`,
  },
  attention: {
    title: 'Su partner lo está revisando',
    text: () =>
      html`El contrato no se puede mostrar en este momento. No tiene que hacer nada; pruebe este enlace más tarde.`,
  },
  attentionAfterAcceptance: {
    title: 'Su aceptación está guardada; su partner lo está revisando',
    text: () =>
      html`Microsoft aún no ha confirmado el contrato. No tiene que hacer nada; su partner le escribirá si falta algo.`,
  },
  rejected: {
    title: 'Su partner debe corregir antes algunos datos',
    text: (company) =>
      html`Microsoft no acepta los datos de ${company} tal como se enviaron. Su partner lo sabe y le enviará un enlace
      nuevo.`,
  },
  checkAgain: 'Comprobar de nuevo',

  unknownLink: {
    title: 'Este enlace no es válido',
    text: 'Copie el enlace completo del mensaje que recibió o pida uno nuevo a su partner.',
  },
  unavailable: {
    title: 'Esta página no se puede mostrar en este momento',
    text: 'El error es nuestro. No se ha perdido nada; inténtelo de nuevo en un minuto.',
  },
  notSaved: {
    title: 'Su respuesta aún no se ha podido guardar',
    text: 'El error es nuestro y no se ha perdido nada más. Inténtelo de nuevo.',
  },
  tooOften: {
    title: 'La ventana se ha abierto demasiadas veces',
    text: 'Ya no se puede abrir con este enlace. Pida uno nuevo a su partner.',
  },
  tryAgain: 'Intentar de nuevo',

  footer: 'Esta página es de su partner de Microsoft. El contrato de la ventana es de Microsoft.',
};
