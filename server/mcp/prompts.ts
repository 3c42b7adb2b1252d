// Questions that a person can put with one choice: each tells the agent which tools answer it.
import type { GetPromptResult, Prompt } from "@modelcontextprotocol/server";
import { ProtocolError, ProtocolErrorCode } from "@modelcontextprotocol/server";

interface Question extends Prompt {
  ask(values: Record<string, string>): string;
}

const ID = /^[a-z]{3}_[0-9A-Z]{26}$/;

function idOf(values: Record<string, string>, name: string, example: string): string {
  const id = values[name] ?? "";
  if (ID.test(id)) return id;
  throw new ProtocolError(ProtocolErrorCode.InvalidParams, `${name}: Give an id, such as ${example}.`);
}

const QUESTIONS: readonly Question[] = [
  {
    name: "whats_wrong_now",
    description: "Finds what fails or waits now, and why.",
    ask: () =>
      "Call whats_wrong and list_issues with state open. For each failing destination or connection find one failed event with list_events, read its `why` with get_event and its last attempt with list_attempts, and compare_failure. Say per problem: what fails, since when, why, how many events wait or have failed, and what would mend it. Change nothing.",
  },
  {
    name: "why_did_event_fail",
    description: "Explains why one event was not delivered.",
    arguments: [{ name: "event_id", description: "Such as evt_…", required: true }],
    ask: (values) =>
      `Call get_event with the id ${idOf(values, "event_id", "evt_01JXAZ4QJ8V3Y0M7T5R2K9N6PC")}, list_attempts with it as event_id, and compare_failure. Say in a few sentences what happened step by step, what the receiver answered, and what would mend it. Change nothing.`,
  },
  {
    name: "send_failed_again",
    description: "Plans to send the failed events of a connection again.",
    arguments: [{ name: "connection_id", description: "Such as web_…", required: true }],
    ask: (values) =>
      `For the connection ${idOf(values, "connection_id", "web_01JXAZ4QJ8V3Y0M7T5R2K9N6PC")}: check with list_attempts that its destination answers again. Then call plan_retry_events with its id as connection_id, status FAILED, and from the time of the first failure. Show the plan and ask before you call run_retry_events.`,
  },
];

export const listPrompts = (): Prompt[] => QUESTIONS.map(({ ask: _ask, ...prompt }) => prompt);

/** @throws ProtocolError where there is no such prompt, or a value is missing */
export function getPrompt(name: string, values: Record<string, string>): GetPromptResult {
  const question = QUESTIONS.find((each) => each.name === name);
  if (!question)
    throw new ProtocolError(
      ProtocolErrorCode.InvalidParams,
      `There is no prompt ${name.slice(0, 64)}: prompts/list has their names.`,
    );
  return { messages: [{ role: "user", content: { type: "text", text: question.ask(values) } }] };
}
