// The settings of a destination as they are saved. Their fields follow from its type, which never changes.
import type { Ctx } from "#server/auth/ctx.ts";
import {
  DESTINATION_KINDS,
  type DestinationSettings,
  type DestinationType,
  type SentDestinationConfig,
} from "#server/contracts/destination.ts";
import { DEFAULT_GROUP_LIMITS, type Groups } from "#server/contracts/groups.ts";
import type { OrderSettings } from "#server/contracts/ordering.ts";
import type { AddressPolicy } from "#server/egress/address-policy.ts";
import { wholeUrl } from "#server/egress/whole-url.ts";
import { parseInput, unprocessable, wrongField } from "#server/errors/field-issues.ts";
import { plainObjectUrl } from "#server/object-store/object-store.ts";
import { mergeHttpConfig } from "./http-destination-config.ts";
import { checkWindows } from "./maintenance-windows.ts";
import { refuseOwnSource } from "./own-source-url.ts";
import { mergeS3Config } from "./s3-destination-config.ts";
import type { Tx } from "./transact.ts";

export interface MergedSettings {
  settings: DestinationSettings;
  /** The field of `config.auth` that was made because none was given: it is shown once. */
  madeField: string | undefined;
}

const withoutUndefined = <T extends object>(fields: T) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };

function refuseForeignFields(type: DestinationType, sent: SentDestinationConfig): void {
  const foreign = Object.entries(sent).filter(
    ([field, value]) => value !== undefined && !(field in DESTINATION_KINDS[type].config.shape),
  );
  if (foreign.length === 0) return;
  throw unprocessable(
    foreign.map(([field]) => ({
      path: `config.${field}`,
      message: `A destination of type ${type} has no ${field}: remove it, or choose the type that has it.`,
    })),
  );
}

/** An order by key has a key, and no other has one: a key that nobody reads is a mistake of whoever sent it. */
function mergeOrdering(current: OrderSettings, sent: SentDestinationConfig): Partial<OrderSettings> {
  const ordering = sent.ordering ?? current.ordering;
  if (ordering !== "by_key") {
    if (sent.ordering_key) {
      throw wrongField(
        "config.ordering_key",
        `A key is read only with ordering by_key, and ordering is ${ordering}: set ordering to by_key, or leave ordering_key out.`,
      );
    }
    return { ordering_key: null };
  }
  if ((sent.ordering_key === undefined ? current.ordering_key : sent.ordering_key) === null) {
    throw wrongField(
      "config.ordering_key",
      "Ordering by_key needs a key: give the place in the request whose value keeps its order, such as body.data.id.",
    );
  }
  return {};
}

/** Sending one field keeps the others; a group needs a place to be read from. */
function mergeGroups(current: Groups | null, sent: SentDestinationConfig["groups"]): Groups | null {
  if (sent === undefined || sent === null) return sent === null ? null : current;
  const { key, ...merged } = { ...DEFAULT_GROUP_LIMITS, ...current, ...withoutUndefined(sent) };
  if (key !== undefined) return { key, ...merged };
  throw wrongField(
    "config.groups.key",
    "Groups need a key: give the place in the request whose value names the group, such as body.customer_id.",
  );
}

/** What settings are judged by. */
interface Judges {
  policy: AddressPolicy;
  now: Date;
}

export const judgesOf = ({ app, teamId }: Ctx): Judges => ({
  policy: app.egressPolicy.forTeam(teamId),
  now: app.now(),
});

/** @throws AppError UNPROCESSABLE with paths that begin with `config.` */
export const newDestinationSettings = (
  type: DestinationType,
  sent: SentDestinationConfig,
  by: Judges,
): MergedSettings =>
  mergeDestinationSettings({ type, config: DESTINATION_KINDS[type].defaults } as DestinationSettings, sent, by);

/**
 * Merges `sent` into the current settings. The contract of the type checks the result; HTTP and S3 have checks besides.
 * @throws AppError UNPROCESSABLE with paths that begin with `config.`
 */
export function mergeDestinationSettings(
  current: DestinationSettings,
  sent: SentDestinationConfig,
  by: Judges,
): MergedSettings {
  refuseForeignFields(current.type, sent);
  const merged = mergeByKind(current, sent, by.policy);
  if (sent.maintenance_windows) checkWindows(merged.settings.config.maintenance_windows, by.now);
  return merged;
}

function mergeByKind(current: DestinationSettings, sent: SentDestinationConfig, policy: AddressPolicy): MergedSettings {
  const { type } = current;
  const breaker = sent.breaker && { ...current.config.breaker, ...withoutUndefined(sent.breaker) };
  const { groups: _, ...withoutGroups } = sent;
  const merged = { ...withoutGroups, ...mergeOrdering(current.config, sent), breaker };
  if (type === "HTTP") {
    const groups = mergeGroups(current.config.groups, sent.groups);
    const { config, madeField } = mergeHttpConfig(current.config, { ...merged, groups }, policy);
    return { settings: { type, config }, madeField };
  }
  if (type === "S3") {
    return {
      settings: { type, config: mergeS3Config(current.config, merged, policy) },
      madeField: undefined,
    };
  }
  const fields = withoutUndefined(merged);
  if (type === "EMAIL") {
    const config = parseInput(DESTINATION_KINDS.EMAIL.config, { ...current.config, ...fields }, ["config"]);
    return { settings: { type, config }, madeField: undefined };
  }
  if (type === "CLI") {
    const config = parseInput(DESTINATION_KINDS.CLI.config, { ...current.config, ...fields }, ["config"]);
    return { settings: { type, config }, madeField: undefined };
  }
  const config = parseInput(DESTINATION_KINDS[type].config, { ...current.config, ...fields }, ["config"]);
  return { settings: { type, config }, madeField: undefined };
}

/** Refuses settings of which what was sent leads to a source of ours. */
export async function refuseOwnAddress(
  tx: Pick<Tx, "source">,
  { type, config }: DestinationSettings,
  sent: SentDestinationConfig | undefined,
): Promise<void> {
  if (type === "HTTP") {
    await refuseOwnSource(tx, sent?.url, "config.url");
    if (sent?.auth && config.auth_type === "SECRET_PATH")
      await refuseOwnSource(tx, wholeUrl(config), "config.auth.url_path");
  }
  if (type === "S3" && (sent?.endpoint !== undefined || sent?.bucket !== undefined)) {
    await refuseOwnSource(tx, plainObjectUrl(config), "config.endpoint");
  }
}

type Sorted = OrderSettings & { groups?: Groups | null };
/** Whether what waits need not be sorted anew. */
export const hasSameOrder = (a: Sorted, b: Sorted): boolean =>
  a.ordering === b.ordering &&
  a.ordering_key === b.ordering_key &&
  a.on_order_failure === b.on_order_failure &&
  a.groups?.key === b.groups?.key;
