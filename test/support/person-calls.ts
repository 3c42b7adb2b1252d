// The dashboard's port as a page of it calls it.
import { FROM_A_PAGE } from "./people.ts";

export interface PageAnswer {
  status: number;
  text: string;
  /** What a procedure answered; undefined where it failed. */
  // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever was answered
  data: any;
  cookies: string[];
}

/** The header `cookie` of what follows the answer. */
export const jarOf = ({ cookies }: PageAnswer) => cookies.map((cookie) => cookie.split(";", 1)[0]).join("; ");

async function read(answer: Response): Promise<PageAnswer> {
  const text = await answer.text();
  const said = text.startsWith("{") ? JSON.parse(text) : undefined;
  return { status: answer.status, text, data: said?.result?.data, cookies: answer.headers.getSetCookie() };
}

/** Calls from a page at `url`; `headers` may hold the cookie of who looks. */
export function pageAt(url: string) {
  const post = async (path: string, body: unknown, headers: Record<string, string> = {}) =>
    read(
      await fetch(url + path, { method: "POST", headers: { ...FROM_A_PAGE, ...headers }, body: JSON.stringify(body) }),
    );
  return {
    post,
    query: async (procedure: string, headers: Record<string, string>, input: unknown = {}) =>
      read(
        await fetch(`${url}/api/trpc/${procedure}?input=${encodeURIComponent(JSON.stringify(input))}`, {
          headers: { "sec-fetch-site": "same-origin", ...headers },
        }),
      ),
    mutate: (procedure: string, headers: Record<string, string>, input: unknown = {}) =>
      post(`/api/trpc/${procedure}`, input, headers),
  };
}
