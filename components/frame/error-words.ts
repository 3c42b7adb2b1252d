// The words of a page that could not be loaded. Pure.

interface ErrorWords {
  title: string;
  text: string;
  /** Whether the same may work in a moment. */
  mayHelpAgain: boolean;
}

/** A text of a procedure's answer; undefined for what failed before there was one. */
function textAt(error: object, name: "code" | "docs"): string | undefined {
  const { data } = error as { data?: unknown };
  const text = typeof data === "object" && data !== null ? (data as Record<string, unknown>)[name] : undefined;
  return typeof text === "string" ? text : undefined;
}

const codeOf = (error: Error) => textAt(error, "code");

/** Where the docs say more about a refusal. */
export function docsOf(error: object | null | undefined): string | undefined {
  const path = error ? textAt(error, "docs") : undefined;
  return path?.startsWith("/docs/") ? path : undefined;
}

/** The server's own sentence where the answer is final, and what is safe where it is not. */
export function errorWords(error: Error): ErrorWords {
  switch (codeOf(error)) {
    case "NOT_FOUND":
      return {
        title: "There is nothing here",
        text: `${error.message} It may have been deleted, be past its retention, or be of another team.`,
        mayHelpAgain: false,
      };
    case "FORBIDDEN":
      return { title: "This is not for your role", text: error.message, mayHelpAgain: false };
    case "TOO_MANY_REQUESTS":
    case "SERVICE_UNAVAILABLE":
      return { title: "The server is busy", text: error.message, mayHelpAgain: true };
    case "UNAUTHORIZED":
      return { title: "You are signed out", text: "Log in again: this page goes on where it was.", mayHelpAgain: true };
    default:
      return {
        title: "This page could not be loaded",
        text: "The server did not answer as it should. What was accepted is safe; the server's log says more.",
        mayHelpAgain: true,
      };
  }
}
