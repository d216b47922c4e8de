/**
 * A webpack loader for tests on a server whose time cannot be skipped: in the workflow code it loads, a day has two
 * seconds and a minute 600 milliseconds.
 */
const quick = { "'24h'": "'2s'", 'minutes * 60_000': 'minutes * 600' };

module.exports = function quickTime(source) {
  const known = Object.entries(quick).filter(([slow]) => source.includes(slow));
  if (known.length === 0)
    throw new Error(`Nothing to quicken in ${this.resourcePath}: its times have other names now.`);
  return known.reduce((code, [slow, fast]) => code.replaceAll(slow, fast), source);
};
