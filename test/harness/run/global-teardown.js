/** Jest's globalTeardown: ends the servers of this run. */
export default () => globalThis.endServers();
