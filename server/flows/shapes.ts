// The fields of each kind of resource as a flow spells them. They come from the contracts, so that no setting is missing here.
import { DEFAULT_BREAKER } from "#server/contracts/breaker.ts";
import { DESTINATION_KINDS, type DestinationType, MockAnswer } from "#server/contracts/destination.ts";
import { DEFAULT_GROUP_LIMITS, Groups } from "#server/contracts/groups.ts";
import { RetryPolicy } from "#server/contracts/retry-policy.ts";
import { DeduplicateRule, FilterRule } from "#server/contracts/rule.ts";
import { CustomResponse, SourceConfig } from "#server/contracts/source.ts";
import { type Fields, fieldsShape, type Shape } from "./spelling.ts";

const DURATIONS: Shape = { kind: "list", of: "duration" };
const RETRY = fieldsShape(Object.keys(RetryPolicy.shape), {}, { interval: "duration", schedule: DURATIONS });
const GROUP_FIELDS = ["rate_limit", "rate_limit_period", "concurrency", "paused"];
const WINDOW_FIELDS = ["kind", "from", "until", "days", "start", "end", "time_zone"];

/** Objects within a config of any kind of destination. */
const WITHIN: Record<string, Shape> = {
  rate_limit: "rate",
  retry: RETRY,
  breaker: fieldsShape(Object.keys(DEFAULT_BREAKER), DEFAULT_BREAKER),
  groups: fieldsShape(Object.keys(Groups.shape), DEFAULT_GROUP_LIMITS, {
    overrides: { kind: "record", of: fieldsShape(GROUP_FIELDS, {}) },
  }),
  maintenance_windows: { kind: "list", of: fieldsShape(WINDOW_FIELDS, {}) },
  answers: { kind: "list", of: fieldsShape(Object.keys(MockAnswer.shape), {}) },
};
/** `retry` of a flow's destination is the connection's own rule. */
const NAMES = { retry: "defaultRetry", dead_letter_destination_id: "deadLetter" };
/** Secrets, which have a spelling of their own. */
const APART = ["auth", "headers"];

const namesOf = (shape: object) => Object.keys(shape).filter((name) => !APART.includes(name));

export const destinationShape = (type: DestinationType) =>
  fieldsShape(namesOf(DESTINATION_KINDS[type].config.shape), DESTINATION_KINDS[type].defaults, WITHIN, NAMES);

/** @param defaults of a source of its type */
export const sourceShape = (defaults: Fields) =>
  fieldsShape(namesOf(SourceConfig.shape), defaults, {
    rate_limit: "rate",
    custom_response: fieldsShape(Object.keys(CustomResponse.shape), {}),
  });

const withoutType = (shape: object) => Object.keys(shape).filter((name) => name !== "type");

/** A rule without its type, which is the name that it stands under. */
export const RULE_SHAPES: Record<"deduplicate" | "filter" | "retry", Shape> = {
  deduplicate: fieldsShape(withoutType(DeduplicateRule.shape), {}, { window: "duration" }),
  filter: fieldsShape(withoutType(FilterRule.shape), {}),
  retry: RETRY,
};
