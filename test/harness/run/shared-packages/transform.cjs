const { createHash } = require('node:crypto');
const { readFileSync } = require('node:fs');

/**
 * Jest's transformer of packages. Jest loads what a test file imports anew for each file, and packages are most of it.
 * In a package's place the file gets a module that takes its exports from the package that Node has loaded, once for
 * all files that a worker of Jest runs. What a package keeps for itself is therefore theirs together.
 */
module.exports = {
  getCacheKey(_source, path) {
    return createHash('sha256').update(state).update(path).digest('hex');
  },

  process(source, path) {
    const names = namesOf(require(path)).map((name) => JSON.stringify(name));
    const shared = `globalThis.requireShared(${JSON.stringify(path)})`;
    return { code: isEsm(source, path) ? esm(shared, names) : cjs(shared, names) };
  },
};

/** What the stand-ins are made of: this file, and which packages are installed. */
const state = readFileSync(__filename) + readFileSync('node_modules/.package-lock.json');

const isEsm = (source, path) =>
  path.endsWith('.mjs') || (!path.endsWith('.cjs') && /^\s*(import|export)\b/m.test(source));

const namesOf = (loaded) => (Object(loaded) === loaded ? Object.keys(loaded) : []);

/** Names are listed for whoever looks for them in the text, as Node does. */
const cjs = (shared, names) =>
  [`module.exports = ${shared};`, ...names.map((name) => `0 && (exports[${name}] = 0);`)].join('\n');

const esm = (shared, names) =>
  [
    `const shared = ${shared};`,
    ...names.map((name, i) => `const export${i} = shared[${name}];`),
    `export { ${names.map((name, i) => `export${i} as ${name}`).join(', ')} };`,
  ].join('\n');
