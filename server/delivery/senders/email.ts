// The sender to destinations of type EMAIL: notifications, to addresses that have said yes. What it is given from any other
// source than the team's own is refused, however it came here: no stranger writes to anybody.
import type { EmailDestinationConfig } from "#server/contracts/email-destination.ts";
import { type UnsubscribeLinks, unsubscribePath } from "#server/crypto/unsubscribe-links.ts";
import type { Queryable } from "#server/database/db.ts";
import type { DueEvent } from "#server/delivery/due-events.sql.ts";
import type { SendResult } from "#server/egress/exchange.ts";
import { type IssueMail, issueMail } from "#server/mail/issue-mail.ts";
import { confirmedOf, MAX_MAILS_A_DAY, takeMails } from "#server/mail/mail-address.sql.ts";
import type { Mail, Mailer, MailOutcome } from "#server/mail/mailer.ts";
import { answerOfAll, type Told, toldBefore } from "#server/mail/told.ts";
import type { Clock } from "#server/process/clock.ts";
import type { Sender } from "./sender.ts";

export interface EmailTools {
  /** Null: no mail server is set. */
  mailer: Mailer | null;
  pool: Queryable;
  dashboardUrl: string;
  unsubscribeLinks: UnsubscribeLinks;
  /** Of the team's own happenings, by the source's id. */
  isSystemSource: (sourceId: string) => boolean;
  clock: Clock;
  signal: AbortSignal;
}

/** Ours, in the place of a reply that nobody has asked for. */
const refusal = (status: number, text: string): MailOutcome => ({ kind: "answer", status, text });

export const mailUrl = ({ to }: EmailDestinationConfig): string => `mailto:${to.join(",")}`;

export function makeEmailSender(teamId: string, config: EmailDestinationConfig, tools: EmailTools): Sender {
  const { mailer, pool, clock, signal, dashboardUrl } = tools;
  const mailTo = (address: string, issue: IssueMail): Omit<Mail, "id"> => {
    const path = unsubscribePath(tools.unsubscribeLinks.token({ teamId, address }));
    const unsubscribeUrl = `${dashboardUrl}${path}`;
    return { to: address, unsubscribeUrl, ...issue.to(unsubscribeUrl) };
  };
  async function trySending(event: DueEvent, issue: IssueMail, to: string[], now: Date): Promise<MailOutcome> {
    if (!tools.isSystemSource(event.source_id))
      return refusal(550, "Only notifications are sent by e-mail: this event is of another source than the system's.");
    if (mailer === null) return refusal(421, "This installation has no mail server: set SMTP_URL and SMTP_FROM.");
    if (to.length === 0) return refusal(550, "None of these addresses is confirmed any more.");
    // Who has got it by an earlier try does not get it again, because another's server could not take it then.
    const told = event.trigger === "AUTOMATIC" && to.length > 1 ? await toldBefore(pool, teamId, event.id) : [];
    const left = to.filter((address) => !told.includes(address));
    if (left.length > 0 && !(await takeMails(pool, teamId, left.length, now)))
      return refusal(452, `This team has sent its ${MAX_MAILS_A_DAY} mails of today (UTC).`);
    const outcomes = left.map(async (address): Promise<Told> => {
      const mail = { id: event.id, ...mailTo(address, issue) };
      return { address, outcome: await mailer.send(mail, { timeoutMs: config.timeout_ms, signal }) };
    });
    return answerOfAll(told, await Promise.all(outcomes), to.length);
  }
  return {
    async send(event, _request, body, { startedAt, onSent }) {
      const to = await confirmedOf(pool, teamId, config.to);
      const startedMs = clock.monotonicMs();
      const issue = issueMail(body, dashboardUrl);
      onSent();
      const outcome = resultOf(await trySending(event, issue, to, startedAt));
      return {
        requestedUrl: mailUrl(config),
        method: "POST",
        headers: [
          ["From", mailer?.from ?? ""],
          ["To", to.join(", ")],
          ["Subject", issue.subject],
        ],
        outcome: { ...outcome, latencyMs: clock.monotonicMs() - startedMs, phases: null },
      };
    },
  };
}

const resultOf = (outcome: MailOutcome): SendResult =>
  outcome.kind === "error"
    ? { kind: "error", code: outcome.code, seen: null }
    : { kind: "response", status: outcome.status, headers: [], body: Buffer.from(outcome.text) };
