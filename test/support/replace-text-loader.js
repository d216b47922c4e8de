/** A webpack loader for tests: replaces texts in a source file, to make another release of it. */
module.exports = function replaceText(source) {
  return this.getOptions().changes.reduce((text, { from, to }) => {
    if (text.split(from).length !== 2)
      throw new Error(`${this.resourcePath} does not contain this exactly once: ${from}`);
    return text.replace(from, () => to);
  }, source);
};
