// The way of mail to the operator's server. Like the database it is named by the environment, so no team has a say in where it
// is. What comes of a mail is a value.
import type { SMTPSentMessageInfo, SMTPTransportOptions, Mail as Transport } from "nodemailer";
import type { ErrorCode } from "#server/contracts/attempt.ts";
import type { MailSettings } from "#server/env-mail.ts";
import { isLoopbackHost } from "#server/env-values.ts";
import { storableText } from "#server/json/storable.ts";

export interface Mail {
  to: string;
  subject: string;
  text: string;
  html: string;
  /** By which its reader ends such mails; a code has none. */
  unsubscribeUrl?: string;
  /** What makes a repeat the same mail; of letters, digits, `_` and `-`. */
  id: string;
}

/** `answer`: a reply of the server, with its status. */
export type MailOutcome =
  | { kind: "answer"; status: number; text: string }
  | { kind: "error"; code: Extract<ErrorCode, "TIMEOUT" | "CANCELLED" | `${string}_${string}`> };

export interface Mailer {
  from: string;
  /** Never rejects for what the network or the server does. */
  send(mail: Mail, limits: { timeoutMs: number; signal?: AbortSignal }): Promise<MailOutcome>;
  /** Logs in and sends nothing. Never rejects for what the network or the server does. */
  verify(timeoutMs: number): Promise<MailOutcome>;
}

const MAX_ANSWER_CHARS = 1_000;
const LOGIN_REFUSED = { kind: "answer", status: 535, text: "The mail server refused the log-in of SMTP_URL." } as const;

/** Connects for each mail: there are few, and a connection that idles is closed by the server at a bad moment. */
export function makeMailer({ host, port, isSecure, login, from }: MailSettings): Mailer {
  let transport: Promise<Transport<SMTPSentMessageInfo, SMTPTransportOptions>> | undefined;
  // Loaded with the first mail: most installations send none.
  const open = () =>
    (transport ??= import("nodemailer").then(({ createTransport }) =>
      createTransport({
        host,
        port,
        secure: isSecure,
        // A password goes over no wire in clear but that of this machine.
        requireTLS: login !== null && !isSecure && !isLoopbackHost(host),
        disableFileAccess: true,
        disableUrlAccess: true,
        ...(login && { auth: { user: login.user, pass: login.password } }),
      }),
    ));
  const secrets = login === null ? [] : secretsOf(login);
  const plain = (text: string) =>
    storableText(secrets.reduce((rest, secret) => rest.replaceAll(secret, "…"), text).slice(0, MAX_ANSWER_CHARS));
  return {
    from,
    async send({ id, unsubscribeUrl, ...content }, { timeoutMs, signal }) {
      const timeOut = AbortSignal.timeout(timeoutMs);
      try {
        const sent = await (await open()).sendMail({
          ...content,
          from,
          messageId: `<${id}@${/@([^<>@]+?)>?$/.exec(from)?.[1] ?? "localhost"}>`,
          // Out-of-office answers to a machine help nobody.
          headers: {
            "auto-submitted": "auto-generated",
            ...(unsubscribeUrl !== undefined && {
              "list-unsubscribe": `<${unsubscribeUrl}>`,
              "list-unsubscribe-post": "List-Unsubscribe=One-Click",
            }),
          },
          signal: signal ? AbortSignal.any([timeOut, signal]) : timeOut,
        });
        return { kind: "answer", status: statusOf(sent.response) ?? 250, text: plain(sent.response) };
      } catch (error) {
        if (signal?.aborted) return { kind: "error", code: "CANCELLED" };
        if (timeOut.aborted) return { kind: "error", code: "TIMEOUT" };
        return failureOf(error as SmtpError, plain);
      }
    },
    async verify(timeoutMs) {
      const timeOut = Promise.withResolvers<MailOutcome>();
      const timer = setTimeout(timeOut.resolve, timeoutMs, { kind: "error", code: "TIMEOUT" });
      const verified = open()
        .then((mail) => mail.verify())
        .then(
          (): MailOutcome => ({ kind: "answer", status: 235, text: "" }),
          (error: SmtpError) => failureOf(error, plain),
        );
      return Promise.race([verified, timeOut.promise]).finally(() => clearTimeout(timer));
    },
  };
}

const base64 = (text: string) => Buffer.from(text).toString("base64");

/** A log-in as it stands, and as it goes over the wire. The longer ones come first: another may stand within. */
const secretsOf = ({ user, password }: NonNullable<MailSettings["login"]>): string[] =>
  [`\0${user}\0${password}`, password, user]
    .flatMap((text) => [text, base64(text)])
    .sort((a, b) => b.length - a.length);

interface SmtpError extends Error {
  code?: string;
  responseCode?: number;
  response?: string;
  cause?: { code?: string };
}

const statusOf = (text: string | undefined): number | null => {
  const status = Number(/^\d{3}/.exec(text ?? "")?.[0]);
  return status >= 200 && status < 600 ? status : null;
};

/** By what nodemailer and the sockets of Node say. */
const CODES: Readonly<Record<string, Extract<MailOutcome, { kind: "error" }>["code"]>> = {
  ECONNREFUSED: "CONNECTION_REFUSED",
  ECONNRESET: "CONNECTION_RESET",
  EPIPE: "CONNECTION_RESET",
  ECONNECTION: "CONNECTION_RESET",
  ETIMEDOUT: "TIMEOUT",
  EDNS: "DNS_LOOKUP_FAILED",
  ENOTFOUND: "DNS_LOOKUP_FAILED",
  ETLS: "TLS_ERROR",
};

function failureOf(error: SmtpError, plain: (text: string) => string): MailOutcome {
  // What a server says of a log-in may name it.
  if (error.code === "EAUTH" || error.code === "ENOAUTH") return LOGIN_REFUSED;
  const status = error.responseCode ?? statusOf(error.response);
  if (status && status >= 300) return { kind: "answer", status, text: plain(error.response ?? "") };
  const said = /\b(ECONNREFUSED|ECONNRESET|ENOTFOUND|EPIPE)\b/.exec(error.message)?.[1];
  const code = CODES[said ?? ""] ?? CODES[error.code ?? ""];
  if (code) return { kind: "error", code };
  return { kind: "error", code: /certificate|TLS|SSL/i.test(error.message) ? "TLS_ERROR" : "PROTOCOL_ERROR" };
}
