import { cn } from "#components/ui/class-names.ts";

interface Answered {
  response_status: number | null;
  error_code: string | null;
}

/** What a receiver said: its status, or why there is none. An answer that is no success has both; the status says more. */
export const answerOf = ({ response_status, error_code }: Answered): string =>
  error_code !== null && error_code !== "BAD_RESPONSE" ? error_code : String(response_status ?? error_code ?? "–");

export const Answer = ({ of, isFailure }: { of: Answered; isFailure: boolean }) => (
  <span className={cn("font-mono text-xs", isFailure && "text-failed")} title={answerOf(of)}>
    {answerOf(of)}
  </span>
);
