// The end of a team's notifications to an address: a POST to the link of a mail, from the program that shows the mail (RFC 8058) or
// from the page of the link. A GET ends nothing, because scanners of mail follow links.
import type { IncomingMessage, ServerResponse } from "node:http";
import type { App } from "#server/auth/ctx.ts";
import { setUnsubscribed } from "#server/auth/mail-readers.ts";

export type UnsubscribeHandler = (req: IncomingMessage, res: ServerResponse) => Promise<void>;

const LINK = /^\/unsubscribe\/([^/?]{1,700})(?:\?(page|back))?$/;

export const isUnsubscribing = ({ method, url }: Pick<IncomingMessage, "method" | "url">): boolean =>
  method === "POST" && LINK.test(url ?? "");

function say(res: ServerResponse, status: number, sentence: string, headers: Record<string, string> = {}): void {
  res.writeHead(status, { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store", ...headers });
  res.end(`${sentence}\n`);
}

export function makeUnsubscribeHandler(app: App): UnsubscribeHandler {
  return async (req, res) => {
    const [, token = "", from] = LINK.exec(req.url ?? "") ?? [];
    // Of the body nothing is needed: the link says it all.
    req.resume();
    if (!req.complete) res.setHeader("connection", "close");
    const isDone = await setUnsubscribed(app, token, from !== "back");
    if (!isDone) return say(res, 404, "This link is not good: look for a newer mail.");
    // A program that posts does not follow; a person is shown the page again.
    if (from === undefined) return say(res, 200, "This address gets no more notifications of this team.");
    say(res, 303, "See the page.", { location: `/unsubscribe/${token}` });
  };
}
