import { html } from '../html';
import type { Messages } from './messages';

export const ja: Messages = {
  language: 'ja',
  direction: 'ltr',
  languageName: '日本語',
  chooseLanguage: '言語',

  agreement: 'Microsoft 顧客契約',
  heading: (company) => html`${company} の Microsoft 顧客契約`,
  introduction: (company) =>
    html`お客様の Microsoft パートナーが、${company} を代表して Microsoft 顧客契約 (Microsoft Customer Agreement)
    に同意していただくようお願いしています。これは、お客様の会社が Microsoft のクラウド
    サービスを購入し利用するための、Microsoft との契約です。`,
  company: '会社',
  signatory: '署名者',

  step1: (button) => html`手順 1/2: Microsoft のウィンドウで ${button} を選択します`,
  step1Text: '下のウィンドウで契約をお読みください。ウィンドウと契約は Microsoft が提供しています。',
  frameTitle: 'Microsoft 顧客契約を表示する Microsoft のウィンドウ',
  openInNewTab: '新しいタブで開く',
  newTabReason: 'ウィンドウに何も表示されない場合にお使いください。その後、このページに戻ってください。',
  openUntil: (time) => html`ウィンドウの有効期限: ${time}`,
  timeLeft: '残り時間: {duration}',
  windowEndsSoon: 'Microsoft のウィンドウはあと 5 分以内に閉じます。閉じた後でもう一度開くことができます。',
  linkEndsSoon:
    'このリンクはあと 5 分以内に期限切れになります。それまでに完了するか、パートナーに新しいリンクを依頼してください。',

  step2: '手順 2/2: 完了',
  step2Text: (button) =>
    html`Microsoft のウィンドウで選択した内容は、こちらには通知されません。${button}
    を選択した後、ここで確定してください。`,
  statement: (name, company) => html`私は ${name} であり、${company} を代表してこの契約に同意する権限があります。`,
  statementMissing: '先に文のチェック ボックスをオンにしてください。完了するために必要です。',
  finish: '完了',
  refused: {
    title: 'お客様の同意をまだ Microsoft が確認できていません',
    text: (button) =>
      html`Microsoft のウィンドウで ${button}
      を選択したかどうかをご確認ください。その後、もう一度「完了」を選択してください。`,
  },

  otherwise: '続行しない場合',
  doesNotAccept: {
    summary: '同意しません',
    consequence: 'この依頼は終了し、元に戻せません。お客様が契約に同意しないことをパートナーに知らせます。',
    comment: '理由またはご質問 (任意)',
    button: '同意せずに依頼を終了する',
  },
  wrongPerson: {
    summary: (name) => html`私は ${name} ではありません`,
    consequence: 'この依頼は終了し、元に戻せません。別の方に届いたことをパートナーに知らせます。',
    comment: 'どなたに依頼すればよいですか (任意)',
    button: '本人ではないため依頼を終了する',
  },

  ranOut: {
    title: 'Microsoft のウィンドウが閉じました',
    text: (linkEnd) =>
      html`Microsoft が契約を表示する時間には限りがあります。お客様のリンクは引き続き有効です。有効期限: ${linkEnd}`,
    question: (button) => html`Microsoft のウィンドウで ${button} をすでに選択しましたか?`,
    yes: 'はい、完了します',
    no: 'いいえ、もう一度ウィンドウを開きます',
    refusedText:
      'お客様の同意を Microsoft が確認できていません。もう一度ウィンドウを開き、そこで契約に同意してください。',
    renew: 'もう一度ウィンドウを開く',
  },

  preparing: {
    title: '契約を準備しています',
    text: (company) => html`${company} の契約を Microsoft に請求しています。このページはまもなく自動的に進みます。`,
  },
  noWorker: {
    title: '契約をまだ表示できません',
    text: () => html`準備中です。このページは自動的に再試行します。後で同じリンクから戻ることもできます。`,
  },
  saved: {
    title: '同意は保存されました',
    text: (company) =>
      html`これから Microsoft に ${company}
      の契約の登録を依頼します。このページは閉じてもかまいません。不足がある場合は、同じリンクに表示されます。`,
  },
  created: {
    title: '完了: 契約が登録されました',
    text: (company) =>
      html`Microsoft が ${company} の Microsoft 顧客契約を確認しました。これ以上の操作は必要ありません。`,
  },
  alreadyExists: {
    title: '契約はすでに登録されていました',
    text: (company) =>
      html`${company} の Microsoft 顧客契約は、すでに Microsoft で確認済みです。これ以上の操作は必要ありません。`,
  },
  expired: {
    title: 'このリンクは期限切れです',
    text: () => html`同意は記録されていません。パートナーに新しいリンクを依頼してください。`,
  },
  expiredUnconfirmed: {
    title: 'このリンクは期限切れです',
    text: () =>
      html`Microsoft
      のウィンドウは使用されましたが、最後の手順「完了」は行われていません。そこで契約に同意した場合は、パートナーにお知らせください。`,
  },
  declined: {
    title: '依頼は終了しました: 同意なし',
    text: () =>
      html`契約に同意しないことをパートナーに知らせました。お考えが変わった場合は、パートナーに新しいリンクを依頼してください。`,
  },
  declinedWrongPerson: {
    title: '依頼は終了しました: 別の方',
    text: () =>
      html`ありがとうございます。別の方に依頼する必要があることをパートナーに知らせました。これ以上の操作は必要ありません。`,
  },
  withdrawn: {
    title: 'パートナーがこの依頼を取り消しました',
    text: () => html`操作は必要ありません。お心当たりがない場合は、パートナーにお問い合わせください。`,
  },
  failed: {
    title: 'この依頼は完了する前に終了しました',
    text: () => html`お客様の操作による問題ではありません。パートナーに新しいリンクを依頼してください。`,
  },
  replaced: {
    title: '新しい依頼があります',
    text: () => html`このリンクは以前の依頼のものです。パートナーから届いた最新のリンクをお使いください。`,
  },
  attention: {
    title: 'パートナーが確認しています',
    text: () =>
      html`現在、契約を表示できません。お客様の操作は必要ありません。後でこのリンクをもう一度お試しください。`,
  },
  attentionAfterAcceptance: {
    title: '同意は保存されました。パートナーが確認しています',
    text: () =>
      html`Microsoft
      はまだ契約を確認していません。お客様の操作は必要ありません。不足がある場合は、パートナーからご連絡します。`,
  },
  rejected: {
    title: '先にパートナーによる修正が必要です',
    text: (company) =>
      html`送信された ${company} の情報が Microsoft
      に受け付けられませんでした。パートナーには通知済みで、新しいリンクが届きます。`,
  },
  checkAgain: 'もう一度確認する',

  unknownLink: {
    title: 'このリンクは無効です',
    text: '受け取ったメッセージからリンク全体をコピーするか、パートナーに新しいリンクを依頼してください。',
  },
  unavailable: {
    title: '現在このページを表示できません',
    text: 'こちら側の問題です。失われたものはありません。1 分後にもう一度お試しください。',
  },
  notSaved: {
    title: 'ご回答をまだ保存できていません',
    text: 'こちら側の問題で、ほかに失われたものはありません。もう一度お試しください。',
  },
  tooOften: {
    title: 'ウィンドウを開いた回数が多すぎます',
    text: 'このリンクではもう開くことができません。パートナーに新しいリンクを依頼してください。',
  },
  tryAgain: 'もう一度試す',

  footer: 'このページは Microsoft パートナーが提供しています。ウィンドウ内の契約は Microsoft のものです。',
};
