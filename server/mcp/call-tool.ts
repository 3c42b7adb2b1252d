// One call of a tool: the caller's right, its answer in the shape for agents, its mistakes as sentences, its place in the log.
import { randomUUID } from "node:crypto";
import type { CallToolResult } from "@modelcontextprotocol/server";
import { ProtocolError, ProtocolErrorCode } from "@modelcontextprotocol/server";
import { isDatabaseDown } from "#server/api/rest-errors.ts";
import { requireCan } from "#server/auth/ctx.ts";
import { AppError, CallerGone } from "#server/errors/app-error.ts";
import type { Log } from "#server/process/log.ts";
import { forAgent } from "./answer-shape.ts";
import type { CallLog, Outcome } from "./call-log.ts";
import type { Agent, Fields, Tool } from "./tool.ts";
import { requireFields } from "./tool-input.ts";
import { TOOLS } from "./tools.ts";

export interface Caller extends Agent {
  calls: CallLog;
  log: Log;
}

const refused = (sentence: string): CallToolResult => ({ isError: true, content: [{ type: "text", text: sentence }] });

function sentenceOf({ message, issues = [] }: AppError): string {
  const others = issues.slice(1).map((issue) => `${issue.path}: ${issue.message}`);
  return [message, ...others].join("\n");
}

async function answer(caller: Caller, tool: Tool, input: Fields): Promise<CallToolResult> {
  requireCan(caller.ctx, tool.can);
  requireFields(input, tool.input);
  const shaped = forAgent(await tool.run(caller, input));
  if (shaped.kind === "too_long") return refused("The answer is too long: ask for less, with limit or a shorter time.");
  return { structuredContent: shaped.answer, content: [{ type: "text", text: shaped.text }] };
}

function explain({ log }: Caller, tool: Tool, error: unknown): { outcome: Outcome; result: CallToolResult } {
  if (error instanceof AppError) return { outcome: "refused", result: refused(sentenceOf(error)) };
  if (error instanceof CallerGone) return { outcome: "failed", result: refused(error.message) };
  if (isDatabaseDown(error)) {
    const sentence = "The database does not answer just now: try again in a few seconds.";
    return { outcome: "failed", result: refused(sentence) };
  }
  const requestId = randomUUID();
  log.error({ err: error, request_id: requestId, tool: tool.name }, "A tool of an agent failed.");
  const sentence = `Something failed on our side; the log has it under ${requestId}.`;
  return { outcome: "failed", result: refused(sentence) };
}

/** @throws ProtocolError where there is no such tool */
export async function callTool(caller: Caller, name: string, input: Fields): Promise<CallToolResult> {
  const tool = TOOLS.get(name);
  if (!tool) {
    await caller.calls.note(caller.ctx, { tool, input, outcome: "refused" });
    const message = `There is no tool ${name.slice(0, 64)}: tools/list has their names.`;
    throw new ProtocolError(ProtocolErrorCode.InvalidParams, message);
  }
  const { outcome, result } = await answer(caller, tool, input).then(
    (result) => ({ outcome: result.isError ? ("refused" as const) : ("done" as const), result }),
    (error: unknown) => explain(caller, tool, error),
  );
  await caller.calls.note(caller.ctx, { tool, input, outcome });
  return result;
}
