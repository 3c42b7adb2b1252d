// A branch: one request on one connection. Here are the judgements that need no rules, and the row that a judgement
// becomes.
import type { CachedConnection, ConfigSnapshot } from "#server/config/config-cache.ts";
import { factsOf as eventFactsOf } from "#server/contracts/event-facts.ts";
import type { HoldReason } from "#server/contracts/event-life.ts";
import { type Groups, groupsOf } from "#server/contracts/groups.ts";
import { NO_ORDER, type OrderSettings } from "#server/contracts/ordering.ts";
import type { Rule } from "#server/contracts/rule.ts";
import type { SourceType } from "#server/contracts/source.ts";
import type { WhyStep } from "#server/contracts/why.ts";
import { packWhy } from "#server/events/packed-why.sql.ts";
import type { StoredRequest } from "#server/events/stored-request.sql.ts";
import { derivedId } from "#server/ids.ts";
import { type Judgement, judgedIgnored } from "#server/judging/judge.ts";
import { areFactsInHeaders, hasFacts, tellFacts } from "#server/providers/facts.ts";
import { groupMark, isGroupPaused, toGroupKey } from "#server/rules/group-key.ts";
import { orderMark, orderPath, toOrderKey } from "#server/rules/order-key.ts";
import type { RequestKey } from "./hand-off.sql.ts";
import type { NewEvent, NewIgnoredEvent } from "./route.sql.ts";

/** The part of a request that its branches need. `created_at` follows from the id when the request itself cannot be read. */
export interface RoutedRequest {
  key: RequestKey;
  event_type: string | null;
  created_at: Date;
}

export interface Branch {
  request: RoutedRequest;
  connection: CachedConnection;
  judgement: Judgement;
  /** By the configuration that the branch was judged by. */
  marks: BranchMarks;
}

/** How the destination tells the event from its others; null where it does not. */
export interface BranchMarks {
  /** The beginning of the order key. */
  order: string | null;
  turnKey: string | null;
  /** Those of the destination: its turn key then names one of them. */
  groups: Groups | null;
}

export const NO_MARKS: BranchMarks = { order: null, turnKey: null, groups: null };

/** The event type was read at the door: a filter on that alone needs nothing else. */
const looksInside = (rule: Rule): boolean => {
  if (rule.type !== "filter") return rule.type === "deduplicate" || rule.type === "transform";
  const { type: _, event_type: __, ...parts } = rule;
  return Object.keys(parts).length > 0;
};

/** Whether a rule of the connection or the order of its destination looks at the request: then it has to be loaded and parsed. */
export const readsPayload = (connection: CachedConnection, config: ConfigSnapshot) =>
  connection.rules.some(looksInside) ||
  orderPathOf(connection, config) !== null ||
  groupPathOf(connection, config) !== null;

/**
 * The type of a source whose events tell more of themselves than type and id. Not where the source masks now, or did when the
 * request came: what is masked in a request may be what they tell.
 */
function tellingType(
  { source_id, has_masks = false }: Pick<StoredRequest, "source_id" | "has_masks">,
  { sources }: ConfigSnapshot,
): SourceType | undefined {
  const source = has_masks ? undefined : sources.get(source_id);
  return source && source.config.masked_paths.length === 0 && hasFacts(source.type) ? source.type : undefined;
}

/** Whether the body of a source's requests is read for what they tell, though no rule asks for it. */
export function tellsByBody(source_id: string, config: ConfigSnapshot): boolean {
  const type = tellingType({ source_id }, config);
  return type !== undefined && !areFactsInHeaders(type);
}

/** What tells the facts of a request's event: the type of its source, or the facts themselves where its headers have them. */
export function tellerOf(stored: StoredRequest, config: ConfigSnapshot): Pick<StoredRequest, "source_type" | "facts"> {
  const source_type = tellingType(stored, config);
  if (!areFactsInHeaders(source_type)) return { source_type };
  return { facts: eventFactsOf(stored, tellFacts({ source_type, headers: stored.headers }, undefined)) };
}

const orderOf = ({ destinationId }: CachedConnection, { destinations }: ConfigSnapshot): OrderSettings =>
  destinations.get(destinationId)?.config ?? NO_ORDER;

/** The place of the order key in what the connection delivers, where its destination asks for one. */
export const orderPathOf = (connection: CachedConnection, config: ConfigSnapshot): string | null =>
  orderPath(orderOf(connection, config));

const groupsAt = ({ destinationId }: CachedConnection, { destinations }: ConfigSnapshot) =>
  groupsOf(destinations.get(destinationId));

/** The place of the group's value in what the connection delivers, where its destination has groups. */
export const groupPathOf = (connection: CachedConnection, config: ConfigSnapshot): string | null =>
  groupsAt(connection, config)?.key ?? null;

/** Whether the destination of the connection keeps an order. */
export const isOrdered = (connection: CachedConnection, config: ConfigSnapshot): boolean =>
  orderOf(connection, config).ordering !== "none";

export const hasTransform = (connection: CachedConnection) => connection.rules.some(({ type }) => type === "transform");

/** The judgement for a connection that accepts nothing now, or null. */
export function judgeSwitches(connection: CachedConnection, config: ConfigSnapshot): Judgement | null {
  if (connection.isDisabled) {
    const detail = "The connection was disabled when the request came.";
    return judgedIgnored("CONNECTION_DISABLED", detail, { step: "connection", outcome: "disabled" });
  }
  if (config.destinations.get(connection.destinationId)?.isDisabled !== false) {
    const detail = "The destination was disabled when the request came.";
    return judgedIgnored("DESTINATION_DISABLED", detail, { step: "connection", outcome: "destination_disabled" });
  }
  return null;
}

/** The marks of a connection's events, for {@link Branch}. */
export function marksOf(connection: CachedConnection, config: ConfigSnapshot): BranchMarks {
  return {
    order: orderMark(orderOf(connection, config)),
    turnKey: config.sharedDestinations.has(connection.destinationId) ? connection.id : null,
    groups: groupsAt(connection, config),
  };
}

const keysOf = ({ request, connection }: Branch, kind: "event" | "ignored_event") => {
  const [team_id, request_id, source_id] = request.key;
  return {
    team_id,
    id: derivedId(kind, request_id, connection.id),
    request_id,
    source_id,
    connection_id: connection.id,
    destination_id: connection.destinationId,
    created_at: request.created_at,
  };
};

/** Left out where there is none: most events are of no provider. */
const factsOf = ({ facts = {} }: Judgement): Pick<NewEvent, "occurred_at" | "resource_id"> => ({
  ...(facts.occurred_at !== undefined && { occurred_at: facts.occurred_at }),
  ...(facts.resource_id !== undefined && { resource_id: facts.resource_id }),
});

export type DeliveringBranch = Branch & { judgement: { kind: "deliver" } };
export type IgnoredBranch = Branch & { judgement: { kind: "ignored" } };

/**
 * The row of a branch that delivers, due now, after its delay, or when its connection or group is resumed. What has no delay is due now
 * though its request may have come later by the clock of its gateway.
 */
export function toEvent(branch: DeliveringBranch, now: Date): NewEvent {
  const { request, connection, judgement, marks } = branch;
  const { delayMs } = judgement;
  const due = delayMs > 0 ? new Date(Math.max(now.getTime(), request.created_at.getTime() + delayMs)) : now;
  const turnKey = turnKeyOf(marks, judgement.groupValue);
  const held = holdReason(connection, marks, turnKey);
  const step = lastStep(held, delayMs, due, now);
  return {
    ...keysOf(branch, "event"),
    ...(held && { hold_reason: held }),
    ...(marks.order !== null && { order_key: toOrderKey(marks.order, judgement.orderValue) }),
    ...(turnKey !== null && { turn_key: turnKey }),
    status: held ? "HOLD" : delayMs > 0 ? "SCHEDULED" : "QUEUED",
    event_type: request.event_type,
    ...factsOf(judgement),
    next_attempt_at: due,
    transformed: judgement.output?.head ?? null,
    body: judgement.output?.body ?? null,
    why: packWhy(step ? [...judgement.why, JSON.stringify(step)] : judgement.why, request.created_at),
  };
}

const turnKeyOf = ({ turnKey, groups }: BranchMarks, groupValue: string | null): string | null =>
  groups === null ? turnKey : toGroupKey(groupMark(groups), groupValue);

function holdReason(connection: CachedConnection, { groups }: BranchMarks, turnKey: string | null): HoldReason | null {
  if (connection.isPaused) return "connection_paused";
  return isGroupPaused(groups, turnKey) ? "group_paused" : null;
}

function lastStep(held: HoldReason | null, delayMs: number, due: Date, now: Date): WhyStep | null {
  if (held) return { step: "hold", outcome: "held", reason: held, since: now.toISOString() };
  return delayMs === 0 ? { step: "queue", outcome: "queued", due: due.toISOString() } : null;
}

export function toIgnored(branch: IgnoredBranch): NewIgnoredEvent {
  const { cause, detail, why } = branch.judgement;
  return { ...keysOf(branch, "ignored_event"), ...factsOf(branch.judgement), cause, detail, why };
}
