// Probes that several providers try a URL by before they use it. Their answers go to whoever asks, and no secret has a part in them.
import { firstHeader, type Inbound } from "./inbound.ts";
import type { Handshake } from "./provider.ts";

/** Providers' own are some ten letters. Only these are echoed, so that nobody reads a stranger's text under the source's URL. */
const CHALLENGE = /^[A-Za-z0-9_.-]{1,255}$/;
const TEXT = "text/plain; charset=utf-8";

/** A text that may be sent back to a stranger; null for any other. */
export const challengeText = (value: unknown): string | null =>
  typeof value === "string" && CHALLENGE.test(value) ? value : null;

/** A parameter of the query of the URL that was called. */
export function queryValue({ urls: [url = ""] }: Inbound, name: string): string | null {
  const queryAt = url.indexOf("?");
  return queryAt < 0 ? null : new URLSearchParams(url.slice(queryAt)).get(name);
}

/** The provider asks by HEAD whether anyone is there. */
export const answerHead: Handshake = {
  isSigned: false,
  answer: ({ method }) => (method === "HEAD" ? { status: 200, contentType: TEXT, body: "" } : null),
};

/** The provider asks by GET for the parameter `name` of the query back, as text. */
export const echoQuery = (name: string): Handshake => ({
  isSigned: false,
  answer(inbound) {
    const text = inbound.method === "GET" ? challengeText(queryValue(inbound, name)) : null;
    return text === null ? null : { status: 200, contentType: TEXT, body: text };
  },
});

/** The provider asks for the text of a header back, as `{"challenge": …}`, and signs the request as it does its events. */
export const echoHeader = (header: string): Handshake => ({
  isSigned: true,
  answer(inbound) {
    const text = challengeText(firstHeader(inbound, header));
    return text === null
      ? null
      : { status: 200, contentType: "application/json", body: JSON.stringify({ challenge: text }) };
  },
});
