/** A webpack loader for tests: a source as another release has it, with some of its texts changed. */
module.exports = function change(source) {
  return this.getOptions().changes.reduce((text, { from, to }) => {
    if (text.split(from).length !== 2) throw new Error(`${this.resourcePath} does not hold this once: ${from}`);
    return text.replace(from, () => to);
  }, source);
};
