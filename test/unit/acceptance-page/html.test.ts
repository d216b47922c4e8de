import { html, nameOf } from '../../../src/acceptance-page/html';

describe('markup', () => {
  test('what is not markup is text, in elements and in attributes', () => {
    const text = `<b> & "quoted" 'too' \``;
    expect(html`<p title="${text}">${text}</p>`.markup).toBe(
      '<p title="&#60;b&#62; &#38; &#34;quoted&#34; &#39;too&#39; &#96;">&#60;b&#62; &#38; &#34;quoted&#34; &#39;too&#39; &#96;</p>',
    );
  });

  test('markup stays markup, alone and in lists; what is absent leaves nothing', () => {
    expect(html`${html`<i>${1}</i>`}${[html`<b>a</b>`, html`<b>b</b>`]}${undefined}${false}`.markup).toBe(
      '<i>1</i><b>a</b><b>b</b>',
    );
  });

  test('a name is isolated from the direction of its surroundings', () => {
    expect(nameOf('<عبد>').markup).toBe('<bdi>&#60;عبد&#62;</bdi>');
  });
});
