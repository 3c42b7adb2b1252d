// The outcome of one notification to several addresses, each of which gets a mail of its own: in it stands the link by which its
// reader, and no other, ends such mails.
import type { Queryable } from "#server/database/db.ts";
import type { MailOutcome } from "./mailer.ts";

export interface Told {
  address: string;
  outcome: MailOutcome;
}

const isTaken = ({ outcome }: Told) => outcome.kind === "answer" && outcome.status < 300;
const isRefused = ({ outcome }: Told) => outcome.kind === "answer" && outcome.status >= 500;

/** One line for each address: `on-call@example.com: 250 2.0.0 kept`. */
const lineOf = ({ address, outcome }: Told) =>
  `${address}: ${outcome.kind === "answer" ? `${outcome.status} ${outcome.text.replace(/\s+/g, " ")}` : outcome.code}`;
const TAKEN = /^(\S+): 2\d\d /gm;

/**
 * The outcome of the whole. Where one could not be told yet, it is tried again; where some were told and the others refused for
 * good, it is done.
 * @param toldBefore who was told by an earlier try; @param count how many addresses there are in all
 */
export function answerOfAll(toldBefore: readonly string[], told: readonly Told[], count: number): MailOutcome {
  const [only] = told;
  if (only && count === 1) return only.outcome;
  const text = [...toldBefore.map((address) => `${address}: 250 told before`), ...told.map(lineOf)].join("\n");
  const waiting = told.find((each) => !isTaken(each) && !isRefused(each));
  const isAnyTaken = toldBefore.length > 0 || told.some(isTaken);
  // An error has no room for who was told.
  if (waiting?.outcome.kind === "error") return isAnyTaken ? { kind: "answer", status: 451, text } : waiting.outcome;
  if (waiting) return { kind: "answer", status: waiting.outcome.status, text };
  if (isAnyTaken) return { kind: "answer", status: 250, text };
  return { kind: "answer", status: only?.outcome.kind === "answer" ? only.outcome.status : 550, text };
}

/** The addresses that an event's earlier attempts say were told. */
export async function toldBefore(db: Queryable, teamId: string, eventId: string): Promise<string[]> {
  const { rows } = await db.query<{ body: Buffer }>({
    name: "mail-told-before",
    text: "select response_body as body from attempt where team_id = $1 and event_id = $2 and response_body is not null",
    values: [teamId, eventId],
  });
  const told = rows.flatMap(({ body }) => [...body.toString().matchAll(TAKEN)].map(([, address]) => address ?? ""));
  return [...new Set(told)];
}
