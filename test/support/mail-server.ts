// A real mail server on loopback, which keeps what it takes.
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { SMTPServer } from "smtp-server";

export interface TakenMail {
  from: string;
  to: string[];
  /** Headers and body, as they came. */
  raw: string;
}

interface MailServerOptions {
  login?: { user: string; password: string };
  /** What is said to a recipient; undefined: taken. */
  refuse?: (address: string) => { status: number; text: string } | undefined;
}

const refusal = ({ status, text }: { status: number; text: string }) =>
  Object.assign(new Error(text), { responseCode: status });

export async function startMailServer({ login, refuse }: MailServerOptions = {}) {
  const mails: TakenMail[] = [];
  const server = new SMTPServer({
    disabledCommands: ["STARTTLS"],
    allowInsecureAuth: true,
    authOptional: login === undefined,
    onAuth({ username, password }, _session, done) {
      if (username === login?.user && password === login?.password) return done(null, { user: username });
      return done(new Error(`5.7.8 ${username} is not known here`));
    },
    onRcptTo({ address }, _session, done) {
      const refused = refuse?.(address);
      done(refused ? refusal(refused) : null);
    },
    onData(stream, { envelope }, done) {
      text(stream).then((raw) => {
        const from = envelope.mailFrom === false ? "" : envelope.mailFrom.address;
        mails.push({ from, to: envelope.rcptTo.map(({ address }) => address), raw });
        done(null, "2.0.0 kept");
      }, done);
    },
  });
  // What a client breaks off is no matter here.
  server.on("error", () => undefined);
  server.listen(0, "127.0.0.1");
  await once(server.server, "listening");
  const { port } = server.server.address() as AddressInfo;
  const name = login ? `${encodeURIComponent(login.user)}:${encodeURIComponent(login.password)}@` : "";
  return {
    url: `smtp://${name}127.0.0.1:${port}`,
    mails,
    to: (address: string) => mails.filter(({ to }) => to.includes(address)),
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}

/** The code that a mail holds. */
export const codeOf = (mail: TakenMail | undefined): string =>
  /[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}/.exec(mail?.raw ?? "")?.[0] ?? "";
