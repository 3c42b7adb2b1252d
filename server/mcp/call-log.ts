// Every call of a tool in the audit log. A change is an entry of its own, written before its answer is sent. All others of a key are
// one entry a minute, with the arguments of the first ones and counts of all. docs/decisions/092-calls-of-agents.md
import { recordAudit } from "#server/auth/audit.ts";
import type { Ctx } from "#server/auth/ctx.ts";
import type { Log } from "#server/process/log.ts";
import { isForeignKeyViolation, transact } from "#server/resources/transact.ts";
import type { Fields, Tool } from "./tool.ts";

export type Outcome = "done" | "refused" | "failed";

export interface ToolCall {
  /** Undefined for a name that no tool has. */
  tool: Tool | undefined;
  input: Fields;
  outcome: Outcome;
}

export interface CallLog {
  note(ctx: Ctx, call: ToolCall): Promise<void>;
  /** Writes down what is only counted so far. */
  flush(): Promise<void>;
}

interface Window {
  ctx: Ctx;
  from: string;
  counts: Record<string, Partial<Record<Outcome, number>>>;
  first: object[];
  tries: number;
}

const WINDOW_MS = 60_000;
const NOTED_CALLS = 20;
const MAX_TRIES = 10;
const MAX_ARGUMENT_CHARS = 120;
const MAX_LISTED = 10;
const MAX_ARGUMENTS_CHARS = 1_000;

const short = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.slice(0, MAX_LISTED).map(short);
  if (typeof value === "object" && value !== null) return JSON.stringify(value).slice(0, MAX_ARGUMENT_CHARS);
  return typeof value === "string" ? value.slice(0, MAX_ARGUMENT_CHARS).toWellFormed().replaceAll("\0", "") : value;
};

/** Left out: whole files, and what says nothing without its plan. */
const NOT_NOTED = new Set(["text", "fingerprint"]);

/** Only fields that the tool has: a mistaken one may hold anything. */
function argumentsOf({ tool, input }: ToolCall): Fields | string {
  const known = Object.keys(tool?.input.properties ?? {}).filter((name) => !NOT_NOTED.has(name));
  const given = Object.fromEntries(
    known.filter((name) => input[name] !== undefined).map((name) => [name, short(input[name])]),
  );
  const text = JSON.stringify(given);
  return text.length > MAX_ARGUMENTS_CHARS ? `${text.slice(0, MAX_ARGUMENTS_CHARS).toWellFormed()}…` : given;
}

const entryOf = (call: ToolCall) => ({
  tool: call.tool?.name ?? "unknown",
  arguments: argumentsOf(call),
  outcome: call.outcome,
});

const record = (ctx: Ctx, after: object): Promise<void> =>
  transact(ctx, (tx) => recordAudit(tx, ctx, "call", "api_key", ctx.actor.id, { after }));

export function makeCallLog(log: Log): CallLog {
  const windows = new Map<string, Window>();

  function openWindow(ctx: Ctx, key: string): Window {
    const { signal: _gone, ...caller } = ctx;
    const opened = { ctx: caller, from: ctx.app.now().toISOString(), counts: {}, first: [], tries: 0 };
    windows.set(key, opened);
    setTimeout(() => void close(key), WINDOW_MS).unref();
    return opened;
  }

  function count(ctx: Ctx, call: ToolCall): void {
    const key = `${ctx.teamId} ${ctx.actor.id}`;
    const window = windows.get(key) ?? openWindow(ctx, key);
    const entry = entryOf(call);
    const counts = window.counts[entry.tool] ?? {};
    window.counts[entry.tool] = { ...counts, [call.outcome]: (counts[call.outcome] ?? 0) + 1 };
    if (window.first.length < NOTED_CALLS) window.first.push({ ...entry, at: ctx.app.now().toISOString() });
  }

  /** What cannot be written is tried again; a team that is gone has no log to write to. */
  async function close(key: string): Promise<void> {
    const window = windows.get(key);
    if (!window) return;
    windows.delete(key);
    const { ctx, from, counts, first } = window;
    try {
      await record(ctx, { from, to: ctx.app.now().toISOString(), calls: counts, first });
    } catch (err) {
      if (isForeignKeyViolation(err)) return;
      window.tries += 1;
      const isKept = window.tries < MAX_TRIES && !windows.has(key);
      log.warn(
        { err, team_id: ctx.teamId, key_id: ctx.actor.id, calls: counts, is_kept: isKept },
        "The calls of an agent could not be written to the audit log.",
      );
      if (!isKept) return;
      windows.set(key, window);
      setTimeout(() => void close(key), WINDOW_MS).unref();
    }
  }

  return {
    async note(ctx, call) {
      if (call.tool?.effect !== "changes" || call.outcome !== "done") return count(ctx, call);
      // The change is made and has its own entry: that this one is missing must not hide it from the agent.
      await record(ctx, entryOf(call)).catch((err: unknown) => {
        log.warn(
          { err, team_id: ctx.teamId, tool: call.tool?.name },
          "A change by an agent is not in the audit log as a call.",
        );
        count(ctx, call);
      });
    },
    async flush() {
      for (const key of [...windows.keys()]) await close(key);
    },
  };
}
