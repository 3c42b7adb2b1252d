import { makeBorder } from "./guest-border.ts";
import { installClone } from "./guest-clone.ts";
import { installCrypto } from "./guest-crypto.ts";
import { installIntl } from "./guest-intl.ts";
import { guardNumberParsers, installExactNumbers, makeExactValues } from "./guest-numbers.ts";
import { installText } from "./guest-text.ts";
import { installUrl, makeSearchParams } from "./guest-url.ts";

/**
 * The script that runs in each engine before any user code. It evaluates to a function of its host callbacks
 * (`emit(level, jsonText)`, `finish(kind, text)`, `random()`, `tagNumbers(jsonString)`, `web(requestJson, ...buffers)`) that returns `{install, enter}`:
 * `install(codeText)` compiles a transform and finishes as "installed" or "syntax_error", `enter(requestText, envText, isTagged)` runs it.
 * All texts are JSON. Code that registers a handler is judged by what the handler returns, whatever its body returns.
 * It keeps its own references to every built-in it calls, because user code may replace them: what user code does
 * to its globals can spoil only its own result, and the host checks that result again.
 */
export const PRELUDE_SOURCE = `(function (emit, finish, random, limits, tagNumbers, web) {
"use strict";
const { parse } = JSON;
const values = (${makeExactValues})(limits.tag);
const numbers = (${installExactNumbers})(limits.tag, tagNumbers, values);
(${guardNumberParsers})(values);
const border = (${makeBorder})(web);
(${installUrl})(border, (${makeSearchParams})(border));
(${installCrypto})(border, (${installText})(border));
(${installIntl})(border);
(${installClone})(border.define, (value) => values.textOf(value) !== undefined);
const stringify = numbers.write;
const { isArray } = Array;
const { isFinite } = Number;
const { getOwnPropertyNames, defineProperty } = Object;
const uncurry = Function.prototype.bind.bind(Function.prototype.call);
const slice = uncurry(String.prototype.slice);
const includes = uncurry(String.prototype.includes);
const then = uncurry(Promise.prototype.then);
const resolve = Promise.resolve.bind(Promise);
const ErrorClass = Error;
const text = String;
const sourceOf = uncurry(Function.prototype.toString);
const evaluate = globalThis.eval;

const refuse = function Function() { throw new TypeError("A transform cannot make code from text."); };
const hide = (owner, key, value) => defineProperty(owner, key, { value, writable: true, configurable: true, enumerable: false });
for (const sample of [function () {}, async function () {}, function* () {}, async function* () {}]) {
  hide(sample.__proto__, "constructor", refuse);
}
refuse.prototype = Function.prototype;
hide(globalThis, "Function", refuse);
for (const name of ["eval", "SharedArrayBuffer", "Atomics", "WebAssembly", "performance", "navigator"]) delete globalThis[name];
hide(Math, "random", () => random());

let handler, code, lines, budget;

const bounded = (value, max) => (value.length > max ? slice(value, 0, max) : value);

function show(value) {
  try {
    switch (typeof value) {
      case "string": return value;
      case "bigint": return text(value) + "n";
      case "symbol": return text(value);
      case "function": return "[function]";
      case "object":
        if (value === null) return "null";
        if (numbers.textOf(value) !== undefined) return numbers.textOf(value);
        if (value instanceof ErrorClass) return text(value.name) + ": " + text(value.message);
        return stringify(value) ?? text(value);
      default: return text(value);
    }
  } catch {
    return "[a value that cannot be shown]";
  }
}

const log = (level) => (...args) => {
  if (lines >= limits.lines || budget <= 0) return;
  lines += 1;
  let line = "";
  for (let i = 0; i < args.length && line.length < budget; i += 1) line += (i === 0 ? "" : " ") + bounded(show(args[i]), budget);
  line = bounded(line, budget);
  budget -= line.length;
  emit(level, stringify(line));
};
const levels = { log: log("log"), info: log("info"), warn: log("warn"), error: log("error"), debug: log("debug") };
hide(globalThis, "console", levels);
hide(globalThis, "addHandler", (event, callback) => {
  if (event !== "transform") throw new TypeError('addHandler knows the event "transform" only.');
  if (typeof callback !== "function") throw new TypeError("addHandler needs a function as its second argument.");
  handler = callback;
});

function thrown(error) {
  finish("threw", failure(error));
}

function jsonOnly(key, value) {
  switch (typeof value) {
    case "number": if (!isFinite(value)) throw { key, what: text(value) }; return value;
    case "bigint": throw { key, what: "a BigInt" };
    case "function": throw { key, what: "a function" };
    case "symbol": throw { key, what: "a symbol" };
    default: return value;
  }
}

const kindOf = (value) => (value === null ? "null" : isArray(value) ? "an array" : "a " + typeof value);

function returned(value) {
  if (value === undefined) return finish("no_return_value", "");
  if (value === null || typeof value !== "object" || isArray(value)) {
    return finish("bad_output", stringify("It returned " + kindOf(value) + ". Return the request object."));
  }
  let output;
  try {
    output = stringify(value, jsonOnly);
  } catch (problem) {
    if (problem === null || typeof problem !== "object" || problem.what === undefined) {
      if (problem instanceof ErrorClass && problem.name === "InternalError") return thrown(problem);
      return finish("bad_output", stringify("The returned object cannot be written as JSON: " + bounded(show(problem), 500)));
    }
    return finish("bad_output", stringify('The value of "' + bounded(text(problem.key), 100) + '" is ' + problem.what + ", which JSON cannot hold."));
  }
  if (typeof output !== "string") return finish("bad_output", stringify("The returned object turned itself into nothing."));
  if (output.length > limits.output) return finish("bad_output", stringify("The returned request is larger than 10 MiB."));
  finish("returned", output);
}

function settle(value) {
  if (value !== null && typeof value === "object" && typeof value.then === "function") then(resolve(value), returned, thrown);
  else returned(value);
}

function compile(source) {
  const compiled = evaluate("(" + source + ")");
  // Code that closes the body early leaves a function whose text is not what was given.
  if (typeof compiled !== "function" || sourceOf(compiled) !== source) throw new SyntaxError("unbalanced '}'");
  return compiled;
}

function failure(error) {
  let stack = "";
  try {
    if (error instanceof ErrorClass && typeof error.stack === "string") stack = bounded(error.stack, 4096);
  } catch {}
  return stringify({ message: bounded(show(error), limits.message), stack });
}

return {
  install(codeText) {
    lines = 0;
    budget = limits.console;
    const source = "function transform(request, context) {\\n" + parse(codeText) + "\\n}";
    const forms = [source, "async " + source];
    // In a plain function "await (x)" is the call of a function.
    if (includes(source, "await")) forms.reverse();
    try {
      code = compile(forms[0]);
    } catch (first) {
      try {
        code = compile(forms[1]);
      } catch (second) {
        return finish("syntax_error", failure(forms[0] === source ? first : second));
      }
    }
    finish("installed", "");
  },
  enter(requestText, envText, isTagged) {
    handler = undefined;
    lines = 0;
    budget = limits.console;
    try {
      const request = numbers.receive(requestText, isTagged === "yes");
      const context = { env: parse(envText) };
      // The engine looks at the clock at calls and at jumps, in turn, and knows its line at calls only. This call makes the
      // last look at a plain loop with one call in it fall on that call.
      isArray();
      const value = code(request, context);
      if (handler === undefined) return settle(value);
      const chosen = handler;
      settle(chosen(request, context));
    } catch (error) {
      thrown(error);
    }
  },
};
})`;
