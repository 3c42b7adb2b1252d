// The end of a team's notifications to an address: a POST to the link of a mail, from the program that shows the mail (RFC 8058) or
// from the page of the link. A GET ends nothing, because scanners of mail follow links.
import type { IncomingMessage, ServerResponse } from "node:http";
import type { App } from "#server/auth/ctx.ts";
import { setUnsubscribed } from "#server/auth/mail-readers.ts";
import { countTry, tryKey } from "#server/people/tries.ts";

export type UnsubscribeHandler = (req: IncomingMessage, res: ServerResponse) => Promise<void>;

const LINK = /^\/unsubscribe\/([^/?]{1,700})(?:\?(page|back))?$/;

const NOT_GOOD = "This link is not good: look for a newer mail.";
const TOO_OFTEN = "This link was used several times just now: try again in a minute.";

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
    const recipient = app.unsubscribeLinks.read(token);
    if (!recipient) return say(res, 404, NOT_GOOD);
    // Each change is written into the team's audit log, which whoever has a link could fill by going to and fro.
    const counted = await countTry(app, [tryKey("mail", `${recipient.teamId} ${recipient.address}`)]);
    if (counted.kind === "limited") return say(res, 429, TOO_OFTEN, { "retry-after": String(counted.retryAfterS) });
    if (!(await setUnsubscribed(app, recipient, from !== "back"))) return say(res, 404, NOT_GOOD);
    // A program that posts does not follow; a person is shown the page again.
    if (from === undefined) return say(res, 200, "This address gets no more notifications of this team.");
    say(res, 303, "See the page.", { location: `/unsubscribe/${token}` });
  };
}
