// The border between a thread and the script inside its engine: calls go in as JSON text, outcomes come out as JSON text.
import type { QuickJSContext, QuickJSHandle } from "quickjs-emscripten";
import type { ConsoleLine } from "#server/contracts/why.ts";
import { makeTag, tagNumbers } from "#server/json/parse.ts";
import type { Instance } from "./instance.ts";
import { LIMITS } from "./messages.ts";
import { PRELUDE_SOURCE } from "./prelude.ts";
import { boundBytes } from "./transform-error.ts";
import { answerWeb } from "./web-host.ts";

/** Enough for every ordinary promise chain at once, few enough to look at the clock in between. */
const JOBS_PER_SLICE = 200;

/** Not the tag of the host's own parser: user code may find this one out, and then spoils its own numbers only. */
const TAG = makeTag();

/** The outcome of a call. `broken` means that the script ended before it could report one. */
export type GuestOutcome =
  | { kind: "installed" }
  | { kind: "returned"; text: string }
  | { kind: "threw" | "syntax_error"; failure: { message: string; stack: string } }
  | { kind: "no_return_value" | "bad_output"; message: string }
  | { kind: "timed_out"; stack: string }
  | { kind: "broken" };

export interface Guest {
  install(code: string): GuestOutcome;
  enter(request: string, env: string): GuestOutcome;
  /** The lines of the last call. */
  console(): ConsoleLine[];
  /** Whether the last call passed its deadline. */
  interrupted(): boolean;
}

interface CallState {
  deadline: number;
  interrupted: boolean;
  console: ConsoleLine[];
  finish: { kind: string; text: string } | null;
}

/** Loads the prelude. Every handle it keeps is part of the image that is taken afterwards, so none is ever disposed. */
export function makeGuest({ context, runtime }: Instance, timeoutMs: number): Guest {
  const state: CallState = { deadline: Number.POSITIVE_INFINITY, interrupted: false, console: [], finish: null };
  runtime.setInterruptHandler(() => {
    state.interrupted ||= performance.now() > state.deadline;
    return state.interrupted;
  });
  const { install, enter } = loadPrelude(context, state);

  const call = (entry: QuickJSHandle, texts: string[]): GuestOutcome => {
    state.deadline = performance.now() + timeoutMs;
    state.interrupted = false;
    state.console = [];
    state.finish = null;
    const result = context.callFunction(entry, context.undefined, ...texts.map((text) => context.newString(text)));
    while (!result.error && !state.finish && !state.interrupted && runtime.hasPendingJob()) {
      if (runtime.executePendingJobs(JOBS_PER_SLICE).error) break;
      state.interrupted ||= performance.now() > state.deadline;
    }
    if (state.interrupted) return { kind: "timed_out", stack: result.error ? stackOf(context, result.error) : "" };
    if (result.error) return { kind: "broken" };
    return readFinish(state.finish);
  };

  return {
    install: (code) => call(install, [JSON.stringify(code)]),
    enter(request, env) {
      const tagged = tagNumbers(request, TAG);
      return call(enter, [tagged, env, tagged === request ? "no" : "yes"]);
    },
    console: () => state.console,
    interrupted: () => state.interrupted,
  };
}

function loadPrelude(context: QuickJSContext, state: CallState): { install: QuickJSHandle; enter: QuickJSHandle } {
  const emit = context.newFunction("emit", (level, line) => {
    if (state.console.length >= LIMITS.consoleLines) return;
    state.console.push({ level: consoleLevel(context.getString(level)), text: readString(context.getString(line)) });
  });
  const finish = context.newFunction("finish", (kind, text) => {
    state.finish ??= { kind: context.getString(kind), text: context.getString(text) };
  });
  const tag = context.newFunction("tagNumbers", (json) =>
    context.newString(JSON.stringify(tagNumbers(readString(context.getString(json)), TAG))),
  );
  const web = context.newFunction("web", (request, ...buffers) => {
    const bytes = buffers.map((buffer) => context.getArrayBuffer(buffer).consume(({ value }) => value.slice()));
    const answer = answerWeb(context.getString(request), bytes);
    if (answer.kind === "bytes") return context.newArrayBuffer(answer.bytes.slice().buffer);
    const { kind: _, ...problem } = answer;
    return context.newString(JSON.stringify(answer.kind === "value" ? { value: answer.value } : { problem }));
  });
  const random = context.newFunction("random", () => context.newNumber(Math.random()));
  const limits = context.unwrapResult(
    context.evalCode(
      `({ lines: ${LIMITS.consoleLines}, console: ${LIMITS.consoleBytes}, message: ${LIMITS.messageBytes}, output: ${LIMITS.outputBytes}, tag: "${TAG}" })`,
    ),
  );
  const prelude = context.unwrapResult(context.evalCode(PRELUDE_SOURCE, "prelude.js"));
  const exported = context.unwrapResult(
    context.callFunction(prelude, context.undefined, emit, finish, random, limits, tag, web),
  );
  return { install: context.getProp(exported, "install"), enter: context.getProp(exported, "enter") };
}

/** The stack of the engine's own error, which is a plain string property: reading it runs no code. */
function stackOf(context: QuickJSContext, error: QuickJSHandle): string {
  const stack = context.getProp(error, "stack");
  return context.typeof(stack) === "string" ? context.getString(stack) : "";
}

function readFinish(finish: CallState["finish"]): GuestOutcome {
  if (!finish) {
    return {
      kind: "no_return_value",
      message: "It returned a promise that never settles: nothing in a transform can wait.",
    };
  }
  switch (finish.kind) {
    case "installed":
      return { kind: "installed" };
    case "returned":
      return { kind: "returned", text: finish.text };
    case "threw":
    case "syntax_error":
      return { kind: finish.kind, failure: readFailure(finish.text) };
    case "no_return_value":
      return { kind: "no_return_value", message: 'It returned nothing. End it with "return request;".' };
    case "bad_output":
      return { kind: "bad_output", message: boundBytes(readString(finish.text), LIMITS.messageBytes) };
    default:
      return { kind: "broken" };
  }
}

function readFailure(text: string): { message: string; stack: string } {
  const value: unknown = JSON.parse(text);
  const { message, stack } = value !== null && typeof value === "object" ? (value as Record<string, unknown>) : {};
  return { message: typeof message === "string" ? message : "", stack: typeof stack === "string" ? stack : "" };
}

function readString(text: string): string {
  const value: unknown = JSON.parse(text);
  return typeof value === "string" ? value : "";
}

function consoleLevel(level: string): ConsoleLine["level"] {
  return level === "info" || level === "warn" || level === "error" || level === "debug" ? level : "log";
}
