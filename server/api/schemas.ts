// JSON Schema of the contracts, for the OpenAPI document and the types of the SDK.
import { z } from "zod";
import { ApiKey } from "#server/contracts/api-key.ts";
import { Attempt } from "#server/contracts/attempt.ts";
import { AuditEntry } from "#server/contracts/audit.ts";
import { BodyText } from "#server/contracts/body-text.ts";
import { BulkOperation, BulkOperationDetail, BulkPlan } from "#server/contracts/bulk.ts";
import { Connection, SavedConnection } from "#server/contracts/connection.ts";
import { Destination, HttpDestinationConfig, MockDestinationConfig } from "#server/contracts/destination.ts";
import { DryRun } from "#server/contracts/dry-run.ts";
import { EventDetail, EventSummary } from "#server/contracts/event.ts";
import { Histogram } from "#server/contracts/histogram.ts";
import { Invitation } from "#server/contracts/invitation.ts";
import { Issue } from "#server/contracts/issue.ts";
import { MailAddress } from "#server/contracts/mail-address.ts";
import { Member } from "#server/contracts/member.ts";
import { Metrics } from "#server/contracts/metrics.ts";
import { Notification } from "#server/contracts/notification.ts";
import { Pagination } from "#server/contracts/page.ts";
import { IgnoredEvent, RequestDetail, RequestSummary } from "#server/contracts/request.ts";
import { Deleted } from "#server/contracts/resource-fields.ts";
import { RetryPolicy } from "#server/contracts/retry-policy.ts";
import { Rules } from "#server/contracts/rule.ts";
import { SavedView } from "#server/contracts/saved-view.ts";
import { Session } from "#server/contracts/session.ts";
import { Source, SourceAuthType, SourceConfig, SourceType } from "#server/contracts/source.ts";
import { Team } from "#server/contracts/team.ts";
import { Transformation, TransformationVersion, TransformRequest } from "#server/contracts/transformation.ts";
import { Why } from "#server/contracts/why.ts";
import { withFieldWords } from "./field-words.ts";
import type { Json } from "./json-schema.ts";
import { ErrorAnswer } from "./rest-errors.ts";

/** Long lists that are the same in inputs and outputs. */
const LISTS: readonly [unknown, string][] = [
  [SourceAuthType, "SourceAuthType"],
  [SourceType, "SourceType"],
];

/** Contracts that stand once under components; the rest is written where it is used. */
const OUTPUT_NAMES = new Map<unknown, string>([
  ...LISTS,
  ...Object.entries({
    ApiKey,
    Attempt,
    AuditEntry,
    BodyText,
    BulkOperation,
    BulkOperationDetail,
    BulkPlan,
    Connection,
    Deleted,
    Destination,
    DryRun,
    HttpDestinationConfig,
    ErrorAnswer,
    Event: EventDetail,
    EventSummary,
    Histogram,
    IgnoredEvent,
    Invitation,
    Issue,
    MailAddress,
    Member,
    Metrics,
    MockDestinationConfig,
    Notification,
    Pagination,
    Request: RequestDetail,
    RequestSummary,
    RetryPolicy,
    Rules,
    SavedConnection,
    SavedView,
    Session,
    Source,
    SourceConfig,
    Team,
    Transformation,
    TransformationVersion,
    Why,
  }).map(([name, schema]): [unknown, string] => [schema, name]),
]);
const INPUT_NAMES = new Map<unknown, string>([
  ...LISTS,
  [Rules, "RulesInput"],
  [TransformRequest, "TransformRequestInput"],
]);

/** The only contract that refers to itself is z.json(); the schema of any JSON is the empty one. */
const anyJsonAsEmpty = (schema: Json): Json =>
  JSON.parse(JSON.stringify(schema), (_key, value) => {
    const isOwnReference = typeof value?.$ref === "string" && value.$ref.startsWith("#/$defs/");
    if (isOwnReference) delete value.$ref;
    return value;
  });

/** The JSON Schemas of contracts, of which those with a name are kept once. */
export function makeSchemas() {
  const components: Record<string, Json> = {};
  return {
    components,
    /** The JSON Schema of a contract; those that have a name are moved to `components` and referred to. */
    of(schema: z.ZodType, io: "input" | "output"): Json {
      const names = io === "input" ? INPUT_NAMES : OUTPUT_NAMES;
      const live = new Map<string, Json>();
      const json = z.toJSONSchema(z.object({ it: schema }), {
        io,
        target: "draft-2020-12",
        unrepresentable: "any",
        override({ zodSchema, jsonSchema }) {
          const name = names.get(zodSchema);
          if (name === undefined) return;
          live.set(name, { ...jsonSchema });
          for (const key of Object.keys(jsonSchema)) delete (jsonSchema as Json)[key];
          jsonSchema.$ref = `#/components/schemas/${name}`;
        },
      });
      for (const [name, component] of live) components[name] ??= anyJsonAsEmpty(component);
      const made = anyJsonAsEmpty((json.properties?.it ?? {}) as Json);
      return io === "input" ? withFieldWords(made) : made;
    },
  };
}
export type Schemas = ReturnType<typeof makeSchemas>;
