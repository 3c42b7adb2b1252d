// A notification as a mail, made of the body that every channel gets: its sentence and its link, and nothing else. Pure.
import type { Mail } from "./mailer.ts";

/** What tells of an issue is far smaller; more is no notification. */
const MAX_BODY_BYTES = 64 * 1024;
const MAX_TEXT_CHARS = 2_000;
const MAX_SUBJECT_CHARS = 150;

interface Told {
  text?: unknown;
  type?: unknown;
  data?: { url?: unknown };
}

function read(body: Buffer): Told {
  if (body.length > MAX_BODY_BYTES) return {};
  try {
    const value: unknown = JSON.parse(body.toString());
    return typeof value === "object" && value !== null ? value : {};
  } catch {
    return {};
  }
}

const line = (value: unknown): string =>
  typeof value === "string"
    ? value
        .replace(/[\p{Cc}\u2028\u2029]+/gu, " ")
        .slice(0, MAX_TEXT_CHARS)
        .toWellFormed()
        .trim()
    : "";

const ESCAPES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
const escaped = (text: string): string => text.replace(/[&<>"']/g, (char) => ESCAPES[char] ?? char);

/** A notification, read once for all of its readers. */
export interface IssueMail {
  subject: string;
  /** The mail of one reader, who alone can end it by its link. */
  to(unsubscribeUrl: string): Pick<Mail, "subject" | "text" | "html">;
}

/** @param dashboardUrl without a trailing slash; a link to elsewhere is left out */
export function issueMail(body: Buffer, dashboardUrl: string): IssueMail {
  const { text, type, data } = read(body);
  const given = line(data?.url);
  const url = given.startsWith(`${dashboardUrl}/`) ? given : `${dashboardUrl}/issues`;
  const said = line(text) || line(type) || "Something has happened";
  const sentence = said.endsWith(url) ? said.slice(0, -url.length).trim() : said;
  const why = `This address was confirmed for notifications of a team at ${dashboardUrl}. To end these mails:`;
  const subject = `[Switchyard] ${sentence}`.slice(0, MAX_SUBJECT_CHARS).toWellFormed();
  const shown = `<p>${escaped(sentence)}</p><p><a href="${escaped(url)}">${escaped(url)}</a></p>`;
  return {
    subject,
    to: (unsubscribeUrl) => ({
      subject,
      text: `${sentence}\n\n${url}\n\n-- \n${why} ${unsubscribeUrl}\n`,
      html: `${shown}<p><small>${escaped(why)} <a href="${escaped(unsubscribeUrl)}">unsubscribe</a></small></p>`,
    }),
  };
}

/** The mail with a code. Nothing of it is written by the team that asks. */
export function codeMail(code: string, dashboardUrl: string): Pick<Mail, "subject" | "text" | "html"> {
  const lines = [
    `Somebody at ${dashboardUrl} wants to send notifications of webhooks that fail to this address.`,
    `If you want them, give this code to whoever asked you: ${code}. It is good for a day.`,
    "If nobody asked you, do nothing: without the code no other mail comes.",
  ];
  return {
    subject: "[Switchyard] A code for notifications by e-mail",
    text: `${lines.join("\n\n")}\n`,
    html: lines.map((each) => `<p>${escaped(each)}</p>`).join(""),
  };
}
