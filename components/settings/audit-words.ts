// An entry of the audit log as a sentence: who did what to which thing.
import type { AuditEntry } from "#server/contracts/audit.ts";

export const ACTIONS: Record<string, string> = {
  create: "made",
  update: "changed",
  delete: "deleted",
  enable: "enabled",
  disable: "disabled",
  pause: "paused",
  unpause: "resumed",
  rotate_secret: "rotated the secret of",
  revoke: "revoked",
  retry: "retried",
  replay: "replayed",
  resend: "sent a debug copy of",
  cancel: "cancelled",
  snooze: "put off",
  wake: "brought back",
  resolve: "resolved",
  call: "called tools with",
  sign_in: "signed in with",
  sign_in_failed: "refused a log-in of",
  sign_out: "signed out of",
};

export const RESOURCES: Record<string, string> = {
  source: "source",
  destination: "destination",
  connection: "connection",
  transformation: "transformation",
  event: "event",
  request: "request",
  bulk_operation: "bulk operation",
  issue: "issue",
  api_key: "API key",
  team: "team",
  user: "member",
  invitation: "invitation",
  session: "session",
  demo: "demo",
  passkey: "passkey",
  saved_view: "view of a list",
  mail_address: "e-mail address",
};

export const ACTORS: Record<string, string> = {
  user: "A person",
  api_key: "An API key",
  system: "The product itself",
};

const plain = (word: string) => word.replaceAll("_", " ");
export const actionWords = (action: string): string => ACTIONS[action] ?? plain(action);
export const resourceWords = (kind: string): string => RESOURCES[kind] ?? plain(kind);

const textAt = (value: AuditEntry["before"], key: string) =>
  typeof value?.[key] === "string" ? value[key] : undefined;

/** The name today, else the one that the entry itself noted. */
export const resourceName = ({ resource_name, before, after }: AuditEntry): string | undefined =>
  resource_name ??
  ["name", "email", "address"]
    .map((key) => textAt(after, key) ?? textAt(before, key))
    .find((text) => text !== undefined);

/** Who it was, in a word. */
export const actorName = ({ actor_kind, actor_name, actor_id }: AuditEntry): string => {
  if (actor_name !== null) return actor_name;
  if (actor_kind === "system") return "system";
  return actor_kind === "local_operator" ? "the person at the machine" : actor_id;
};
