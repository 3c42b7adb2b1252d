import { JsonView } from "#components/data/json-view.tsx";
import { formatBytes } from "#components/lists/format-bytes.ts";
import { Message } from "#components/payload/message.tsx";
import type { Attempt } from "#server/contracts/attempt.ts";
import { visibleText } from "#server/contracts/visible-text.ts";
import { answerWords, causeOf } from "./attempt-words.ts";

/** As much of a response as is kept. */
const KEPT_BYTES = 32 * 1024;

const headerOf = ({ response_headers }: Attempt, wanted: string) =>
  response_headers?.find(([name]) => name.toLowerCase() === wanted)?.[1];

/** What the receiver answered, as far as it came. */
export function AttemptResponse({ attempt }: { attempt: Attempt }) {
  const { response_body: body, response_status: status } = attempt;
  const { note } = answerWords(attempt);
  const cause = causeOf(attempt);
  const isWhole = body === null || new TextEncoder().encode(body).length < KEPT_BYTES;
  return (
    <Message what="response" headers={attempt.response_headers ?? undefined}>
      <p className="px-5 pt-2.5 max-md:px-3.5">
        {status === null ? (
          <span className="font-medium">No answer</span>
        ) : (
          <span className="font-medium font-mono text-xs">
            {status} {attempt.error_code === null || attempt.error_code === "BAD_RESPONSE" ? note : ""}
          </span>
        )}
        {cause && attempt.error_code !== "BAD_RESPONSE" ? <span className="ml-2 text-muted">{cause}</span> : null}
      </p>
      {attempt.explanation ? <p className="px-5 pt-1 max-md:px-3.5">{attempt.explanation}</p> : null}
      {body ? (
        <JsonView
          label="Response body"
          text={body}
          root="body"
          note={`${visibleText((headerOf(attempt, "content-type") ?? "no content type").slice(0, 60))}${isWhole ? "" : `, the first ${formatBytes(KEPT_BYTES)}`}`}
        />
      ) : (
        <p className="px-5 py-2 text-muted max-md:px-3.5">{status === null ? "" : "There is no body."}</p>
      )}
    </Message>
  );
}
