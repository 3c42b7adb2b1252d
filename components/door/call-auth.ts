// Calls of the pages of the door, and their answers in words.

interface Refused {
  kind: "refused";
  /** For the page to say at which field it belongs. */
  code: string;
  message: string;
}
export type AuthAnswer = { kind: "done"; said: Record<string, unknown> } | Refused;

const AWAY: Refused = {
  kind: "refused",
  code: "AWAY",
  message: "The server did not answer: look at its log, and try again.",
};

/** Calls one route below /api/auth. */
export async function callAuth(path: string, body: Record<string, unknown> = {}): Promise<AuthAnswer> {
  const answer = await fetch(`/api/auth${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  }).catch(() => null);
  if (!answer) return AWAY;
  const said: Record<string, unknown> = await answer.json().catch(() => ({}));
  if (answer.ok) return { kind: "done", said };
  const { code, message } = said;
  if (answer.status >= 500 && answer.status !== 503) return AWAY;
  return {
    kind: "refused",
    code: typeof code === "string" ? code : "",
    message: typeof message === "string" ? message : AWAY.message,
  };
}

/** Where a log-in goes on to: a page of ours, whatever stands in the address. */
export function safeNext(next: string | null | undefined): string {
  const url = next?.startsWith("/") ? URL.parse(next, "http://page") : null;
  if (url === null || url.origin !== "http://page") return "/";
  // Dots that are taken out can leave two slashes in front, which a browser reads as another host.
  if (/^\/(?:\/|(?:e|v1|api)(?:\/|$))/.test(url.pathname)) return "/";
  return url.pathname + url.search;
}
