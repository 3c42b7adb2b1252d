import { sendMailCode } from "#server/mail/send-code.ts";
import { task } from "#worker/task.ts";

export const sendMailCodeTask = task("send-mail-code", ({ pool, mailer, log, env, now }, payload) =>
  sendMailCode({ pool, mailer, log, dashboardUrl: env.publicDashboardUrl, now }, payload),
);
