import { format, html, isolate } from '../../../src/acceptance-page/html';

const text = `<b> & "quoted" 'too' \``;
const escaped = '&#60;b&#62; &#38; &#34;quoted&#34; &#39;too&#39; &#96;';

describe('html', () => {
  test('escapes every part that is not markup, in elements and in attributes', () => {
    expect(html`<p title="${text}">${text}</p>`.markup).toBe(`<p title="${escaped}">${escaped}</p>`);
  });

  test('keeps markup as it is, alone and in lists, and leaves out what is absent', () => {
    expect(html`${html`<i>${1}</i>`}${[html`<b>a</b>`, html`<b>b</b>`]}${undefined}${false}`.markup).toBe(
      '<i>1</i><b>a</b><b>b</b>',
    );
  });
});

describe('format', () => {
  test('fills placeholders with markup and escapes the text around them', () => {
    const values = { name: html`<b>John</b>`, company: html`A & B` };
    expect(format(`${text} {name}, {company}, {name}`, values).markup).toBe(
      `${escaped} <b>John</b>, A & B, <b>John</b>`,
    );
  });

  test('does not replace placeholders inside values, and leaves unknown placeholders unchanged', () => {
    expect(format('{name} {other}', { name: html`{company}`, company: html`x` }).markup).toBe('{company} {other}');
  });
});

test('a name is isolated from the writing direction of the text around it', () => {
  expect(isolate('<عبد>').markup).toBe('<bdi>&#60;عبد&#62;</bdi>');
});
