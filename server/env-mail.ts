// SMTP_URL and SMTP_FROM: the server that takes the installation's mail.
import { z } from "zod";
import { isUrlOf } from "./env-values.ts";

export interface MailSettings {
  host: string;
  port: number;
  /** TLS from the first byte on. */
  isSecure: boolean;
  login: { user: string; password: string } | null;
  from: string;
}

/** Whatever else a URL may carry would be ignored, and is refused. */
export function isSmtpUrl(text: string): boolean {
  const url = URL.parse(text);
  if (!url || !isUrlOf(text, ["smtp:", "smtps:"])) return false;
  const isWhole = ["", "/"].includes(url.pathname) && url.search === "" && url.hash === "";
  return isWhole && (url.username === "") === (url.password === "") && isDecodable(url.username + url.password);
}

function isDecodable(text: string): boolean {
  try {
    return !decodeURIComponent(text).includes("\0");
  } catch {
    return false;
  }
}

/** `a@example.com`, or with a name before it. */
export const isSender = (text: string) =>
  /^[^<>\p{Cc}]*<([^<>]+)>$|^([^<>\p{Cc}]+)$/u.test(text) &&
  z.email().safeParse(/<([^<>]+)>$/.exec(text)?.[1] ?? text).success;

/** Undefined: no mail is sent. Both texts are empty or well-formed. */
export function readMail(
  { url: text, from }: { url: string; from: string },
  problems: string[],
): MailSettings | undefined {
  if ((text === "") !== (from === "") && problems.length === 0)
    problems.push("SMTP_URL and SMTP_FROM belong together: set both, or none where no e-mail is to be sent.");
  const url = URL.parse(text);
  if (!url || from === "") return undefined;
  const isSecure = url.protocol === "smtps:";
  const [user, password] = [decodeURIComponent(url.username), decodeURIComponent(url.password)];
  return {
    host: url.hostname.replace(/^\[|\]$/g, ""),
    port: url.port === "" ? (isSecure ? 465 : 587) : Number(url.port),
    isSecure,
    login: user === "" ? null : { user, password },
    from,
  };
}
