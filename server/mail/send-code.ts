// The sending of a code, as a job: the code is made here, so it stands in no job, event or answer.
import type { Queryable } from "#server/database/db.ts";
import type { Log } from "#server/process/log.ts";
import { codeMail } from "./issue-mail.ts";
import { mailCodeHash, newMailCode } from "./mail-code.ts";
import type { Mailer } from "./mailer.ts";

interface CodeTools {
  pool: Queryable;
  /** Null: no mail server is set. */
  mailer: Mailer | null;
  log: Log;
  dashboardUrl: string;
  now: () => Date;
}

const TIMEOUT_MS = 20_000;

/** A code that could not be sent is asked for again by a person, who sees why. */
export async function sendMailCode(
  { pool, mailer, log, dashboardUrl, now }: CodeTools,
  { teamId, addressId }: { teamId: string; addressId: string },
): Promise<void> {
  const { rows } = await pool.query<{ address: string }>(
    "select address from mail_address where team_id = $1 and id = $2 and confirmed_at is null",
    [teamId, addressId],
  );
  const [row] = rows;
  if (!row) return;
  const note = (answer: string, code: string | null) =>
    pool.query(
      "update mail_address set answer = $3, code_hash = $4, code_made_at = $5 where team_id = $1 and id = $2 and confirmed_at is null",
      [teamId, addressId, answer, code === null ? null : mailCodeHash(code), now()],
    );
  if (mailer === null) {
    await note("The worker has no mail server: set SMTP_URL and SMTP_FROM for it too.", null);
    return;
  }
  const code = newMailCode();
  // Before it is sent: a code that arrives is always known.
  await note("On its way.", code);
  const id = `${addressId}-${now().getTime()}`;
  const outcome = await mailer.send(
    { id, to: row.address, ...codeMail(code, dashboardUrl) },
    { timeoutMs: TIMEOUT_MS },
  );
  if (outcome.kind === "answer" && outcome.status < 300) {
    await note(outcome.text, code);
    return;
  }
  const why = outcome.kind === "answer" ? outcome.text : `The mail server could not be reached: ${outcome.code}.`;
  log.warn({ team_id: teamId, why }, "A code could not be sent by e-mail");
  await note(why, null);
}
