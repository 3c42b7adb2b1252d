// Names of Node or a browser that pasted code expects. They are not defined, so that `typeof fetch` tells the truth. Code
// that uses one all the same gets an error that explains its absence.

const NETWORK = "a transform sends nothing, it changes the request that is delivered";
const WAITING = "nothing in a transform can wait";
const MODULES =
  "a transform has no modules; URL, TextEncoder, atob, structuredClone, crypto.subtle and Intl are there without";
const BROWSER = "a transform runs in no browser";

const REASONS: Record<string, string> = {
  fetch: NETWORK,
  XMLHttpRequest: NETWORK,
  WebSocket: NETWORK,
  EventSource: NETWORK,
  axios: NETWORK,
  setTimeout: WAITING,
  setInterval: WAITING,
  setImmediate: WAITING,
  clearTimeout: WAITING,
  clearInterval: WAITING,
  require: MODULES,
  module: MODULES,
  exports: MODULES,
  __dirname: MODULES,
  __filename: MODULES,
  process: "settings stand in context.env",
  Deno: "settings stand in context.env",
  Bun: "settings stand in context.env",
  Buffer: "use TextEncoder and TextDecoder, atob and btoa",
  window: BROWSER,
  self: BROWSER,
  document: BROWSER,
  navigator: BROWSER,
  localStorage: BROWSER,
  sessionStorage: BROWSER,
  performance: "use Date.now()",
  eval: "a transform cannot make code from text",
  WebAssembly: "a transform is JavaScript only",
  SharedArrayBuffer: "a transform shares nothing",
  Atomics: "a transform shares nothing",
};

const NOT_DEFINED = /^ReferenceError: '(\w{1,40})' is not defined$/;
const NOT_LOADED = /^ReferenceError: could not load module /;

/** The engine's message about a name or module that is not there, with the reason where there is one. */
export function explainAbsence(message: string): string {
  if (NOT_LOADED.test(message)) return `${message}: ${MODULES}.`;
  const name = NOT_DEFINED.exec(message)?.[1];
  if (name === undefined || !Object.hasOwn(REASONS, name)) return message;
  return `ReferenceError: ${name} is not there: ${REASONS[name]}.`;
}
