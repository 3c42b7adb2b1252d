// Notifications: who is told of issues. Each is a connection of the team's system source, with a destination of its own.
import { z } from "zod";
import { ErrorCode } from "./attempt.ts";
import { IssueKind } from "./issue.ts";
import { MailAddressText } from "./mail-address.ts";
import { QuietHours } from "./quiet-hours.ts";
import { CHANGE_FIELDS, Name, Timestamp } from "./resource-fields.ts";
import { Secret } from "./secret.ts";

export const NotificationChannel = z.enum(["webhook", "chat", "pager", "email"]).meta({
  description:
    "`webhook`: signed as every delivery. `chat`: an incoming webhook of Slack or what takes the same. `pager`: events as PagerDuty takes them. `email`: to addresses that were confirmed before.",
});
export type NotificationChannel = z.infer<typeof NotificationChannel>;

export const PAGER_URL = "https://events.pagerduty.com/v2/enqueue";

export const Notification = z.object({
  id: z.string().meta({ description: "Of the connection, which can be paused, changed and deleted as any other." }),
  name: Name,
  destination_id: z.string(),
  channel: NotificationChannel.nullable().meta({
    description: "Null: its destination was changed into something else.",
  }),
  to: z.string().meta({ description: "The host of its URL, or its addresses." }),
  kinds: z.array(IssueKind).nullable().meta({ description: "The kinds of issues that it tells of; null: all." }),
  quiet_hours: QuietHours.nullable(),
  paused_at: Timestamp.nullable(),
  disabled_at: Timestamp.nullable(),
  created_at: Timestamp,
  updated_at: Timestamp,
});
export type Notification = z.infer<typeof Notification>;

export const UpdateNotification = z.strictObject({
  ...CHANGE_FIELDS,
  kinds: z.array(IssueKind).min(1, "Choose at least one kind, or delete the notification.").nullable().optional().meta({
    description: "In the place of the kinds that it tells of now; null: all.",
  }),
  quiet_hours: QuietHours.nullable().optional().meta({
    description:
      "When it tells nothing; what came then is told afterwards, in one message. Null: it has none. Not of a pager.",
  }),
});
export type UpdateNotification = z.infer<typeof UpdateNotification>;

export const ListNotifications = z.object({});
export const Notifications = z.object({ data: z.array(Notification) });
export type Notifications = z.infer<typeof Notifications>;

export const CreateNotification = z.strictObject({
  name: Name,
  channel: NotificationChannel.default("webhook"),
  url: z
    .string()
    .max(4096)
    .optional()
    .meta({
      description: `For a pager ${PAGER_URL} where it is left out. Of a chat everything after the host is a credential: it is encrypted at rest and never shown again.`,
    }),
  routing_key: Secret.optional().meta({
    description: "Of a pager: sent as the body's routing_key, encrypted at rest and stored in no event.",
  }),
  addresses: z.array(MailAddressText).min(1).max(10).optional().meta({ description: "Of the channel email." }),
  kinds: z
    .array(IssueKind)
    .min(1)
    .max(IssueKind.options.length)
    .optional()
    .meta({ description: "The kinds of issues that it tells of; left out: all." }),
});
export type CreateNotification = z.infer<typeof CreateNotification>;

export const ListNotificationResults = z.object({});
/** What came of the newest attempt to tell somebody. */
export const NotificationResult = z.object({
  id: z.string().meta({ description: "Of the notification." }),
  attempt_id: z.string(),
  event_id: z.string(),
  is_delivered: z.boolean(),
  response_status: z.int().nullable(),
  error_code: ErrorCode.nullable(),
  created_at: Timestamp,
});
export type NotificationResult = z.infer<typeof NotificationResult>;
export const NotificationResults = z.object({
  data: z
    .array(NotificationResult)
    .meta({ description: "Of each notification that was ever tried, while it is kept." }),
});
export type NotificationResults = z.infer<typeof NotificationResults>;

export const TestedNotification = z.object({ request_id: z.string() });
export type TestedNotification = z.infer<typeof TestedNotification>;
