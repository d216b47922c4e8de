/**
 * A webpack loader for tests on a server whose time cannot be skipped: in the workflow code that it loads, a day
 * lasts two seconds and a minute 600 milliseconds.
 */
const replacements = { "'24h'": "'2s'", 'minutes * 60_000': 'minutes * 600' };

module.exports = function shortenDurations(source) {
  const known = Object.entries(replacements).filter(([original]) => source.includes(original));
  if (known.length === 0)
    throw new Error(`No duration to shorten in ${this.resourcePath}: update the replacements in this loader.`);
  return known.reduce((code, [original, short]) => code.replaceAll(original, short), source);
};
