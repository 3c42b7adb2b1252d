import { cn } from "#components/ui/class-names.ts";

interface Answered {
  response_status: number | null;
  error_code: string | null;
}

/** What a receiver said: its status, or why there is none. An answer that is no success has both; the status says more. */
export const answerOf = ({ response_status, error_code }: Answered): string =>
  error_code !== null && error_code !== "BAD_RESPONSE" ? error_code : String(response_status ?? error_code ?? "–");

/** Where a column has no room for the whole code; it is at hand beside. */
const SHORT: Record<string, string> = {
  CONNECTION_REFUSED: "REFUSED",
  CONNECTION_RESET: "RESET",
  DNS_LOOKUP_FAILED: "DNS_FAILED",
  BLOCKED_ADDRESS: "BLOCKED",
  TOO_MANY_REDIRECTS: "REDIRECTS",
  PROTOCOL_ERROR: "PROTOCOL",
};

/** What was answered, as lists write it: never cut off. */
export const shortAnswer = (of: Answered): string => SHORT[answerOf(of)] ?? answerOf(of);

export const Answer = ({ of, isFailure }: { of: Answered; isFailure: boolean }) => (
  <span className={cn("font-mono text-xs", isFailure && "text-failed")} title={answerOf(of)}>
    {shortAnswer(of)}
  </span>
);
