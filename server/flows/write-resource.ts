// Writes one declared resource by the verbs of its kind.
import type { Ctx } from "#server/auth/ctx.ts";
import type { SentDestinationConfig } from "#server/contracts/destination.ts";
import type { FlowChange } from "#server/contracts/flow.ts";
import type { CreateSource } from "#server/contracts/source.ts";
import { changeConnection, insertConnection } from "#server/resources/connections.ts";
import { changeDestination, insertDestination, openSettings } from "#server/resources/destinations.ts";
import { changeSource, insertSource } from "#server/resources/sources.ts";
import type { Tx } from "#server/resources/transact.ts";
import { changeTransformation, insertTransformation } from "#server/resources/transformations.ts";
import type { DeclaredConnection, DeclaredDestination, DeclaredSource, DeclaredTransformation } from "./declared.ts";
import { rulesOf } from "./desire.ts";
import type { Paired } from "./plan.ts";
import type { Names, Running } from "./running.ts";
import type { Fields } from "./spelling.ts";

export interface MadeSecret {
  destination_id: string;
  name: string;
  signing_secret: string;
}
interface Saved {
  id: string;
  secret?: MadeSecret | undefined;
}

/** What is told to a verb of a row that is there: whoever changed it since the plan is not overwritten. */
const asRead = ({ id, updatedAt }: Running) => ({ id, if_updated_at: updatedAt.toISOString() });

type Touches = (pattern: RegExp) => boolean;

async function saveSource(
  tx: Tx,
  ctx: Ctx,
  declared: DeclaredSource,
  { running, desired }: Paired,
  touches: Touches,
): Promise<Saved> {
  const { name, description, type, isDisabled: disabled } = declared;
  const config = desired.write as CreateSource["config"];
  if (!running) return insertSource(tx, ctx, { name, description, type, config, disabled });
  const changed = { name, description, type, disabled, ...(touches(/^(?:config|type)\b/) && { config }) };
  return changeSource(tx, ctx, { ...asRead(running), ...changed });
}

async function saveDestination(
  tx: Tx,
  ctx: Ctx,
  declared: DeclaredDestination,
  { running, desired }: Paired,
  touches: Touches,
  names: Names,
): Promise<Saved> {
  const { name, description, type, deadLetter, isDisabled: disabled } = declared;
  const config = { ...(desired.write as SentDestinationConfig) };
  if (config.dead_letter_destination_id)
    config.dead_letter_destination_id = names.idOf("destination", deadLetter ?? "") ?? null;
  const saved = running
    ? await changeDestination(tx, ctx, {
        ...asRead(running),
        ...{ name, description, disabled, ...(touches(/^(?:config|dead_letter)\b/) && { config }) },
      })
    : await insertDestination(tx, ctx, { name, description, type, config, disabled });
  const { row, shown } = saved;
  if (shown === undefined) return { id: row.id };
  const { auth } = openSettings(ctx, row).settings.config as { auth?: Fields };
  return { id: row.id, secret: { destination_id: row.id, name, signing_secret: String(auth?.[shown]) } };
}

async function saveConnection(
  tx: Tx,
  ctx: Ctx,
  declared: DeclaredConnection,
  { running }: Paired,
  touches: Touches,
  names: Names,
): Promise<Saved> {
  const { name, description } = declared;
  const ends = {
    source_id: names.idOf("source", declared.source),
    destination_id: names.idOf("destination", declared.destination),
  };
  const rules = rulesOf(declared, names);
  const paused = touches(/^paused$/) || (!running && declared.isPaused) ? { paused: declared.isPaused } : {};
  const switches = { ...paused, disabled: declared.isDisabled };
  if (!running) return insertConnection(tx, ctx, { name, description, rules, ...ends, ...switches }, "create");
  const { id, ...read } = asRead(running);
  const moved = touches(/^(?:source|destination)$/) ? ends : {};
  const changed = { ...read, name, description, ...moved, ...switches, ...(touches(/^rules\b/) && { rules }) };
  return changeConnection(tx, ctx, id, changed);
}

async function saveTransformation(
  tx: Tx,
  ctx: Ctx,
  { name, description, code }: DeclaredTransformation,
  { running, desired }: Paired,
  touches: Touches,
): Promise<Saved> {
  const env = desired.write.env as Record<string, string>;
  if (!running) return insertTransformation(tx, ctx, { name, description, code, env });
  const changed = { name, description, code, ...(touches(/^env\b/) && { env }) };
  return changeTransformation(tx, ctx, { ...asRead(running), ...changed });
}

/** Makes the resource of a pair, or changes what `change` says of it. Returns its id, and a secret that was made on the way. */
export async function writePair(tx: Tx, ctx: Ctx, pair: Paired, change: FlowChange, names: Names): Promise<Saved> {
  const { declared } = pair;
  const touches: Touches = (pattern) => change.fields.some(({ path }) => pattern.test(path));
  if (declared.kind === "source") return saveSource(tx, ctx, declared, pair, touches);
  if (declared.kind === "destination") return saveDestination(tx, ctx, declared, pair, touches, names);
  if (declared.kind === "connection") return saveConnection(tx, ctx, declared, pair, touches, names);
  return saveTransformation(tx, ctx, declared, pair, touches);
}
