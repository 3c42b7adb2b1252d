// A deleted resource comes back with its id, so its requests, events and counts are its own again, and a source with its URL.
import { recordAudit } from "#server/auth/audit.ts";
import type { Ctx } from "#server/auth/ctx.ts";
import type { Rules } from "#server/contracts/rule.ts";
import { GONE_SECRETS } from "#server/crypto/secrets.ts";
import { writeRules } from "#server/resources/connection-rules.sql.ts";
import { connectToEndpoints } from "#server/resources/endpoints-of-source.ts";
import { asJson, type Tx } from "#server/resources/transact.ts";
import { documentOf, type State } from "./document.ts";
import type { Step } from "./restore-steps.ts";

const timeOf = (value: unknown): Date | null => (typeof value === "string" ? new Date(value) : null);

/** Its secrets were deleted with it: it waits, disabled, until somebody sets them. */
const withoutSecrets = (ctx: Ctx, { has_secrets, disabled_at }: State) => ({
  secrets: has_secrets ? GONE_SECRETS : null,
  disabled_at: timeOf(disabled_at) ?? (has_secrets ? ctx.app.now() : null),
});

/** The columns that all kinds have. */
function commonColumns(ctx: Ctx, id: string, { name, description, created_at }: State) {
  const times = { created_at: new Date(created_at), updated_at: ctx.app.now() };
  return { id, team_id: ctx.teamId, name, description, ...times };
}

const INSERTS: Record<Step["kind"], (tx: Tx, ctx: Ctx, id: string, state: State) => Promise<unknown>> = {
  async source(tx, ctx, id, state) {
    const source = await tx.source.create({
      data: {
        ...commonColumns(ctx, id, state),
        ...withoutSecrets(ctx, state),
        type: String(state.type),
        key: String(state.key),
        is_system: state.is_system === true,
        config: asJson(state.config as object),
      },
      select: { id: true, name: true, is_system: true },
    });
    if (!source.is_system) await connectToEndpoints(tx, ctx, source);
  },
  destination: (tx, ctx, id, state) => {
    const config = state.type === "HTTP" ? { ...(state.config as object), headers: {} } : (state.config as object);
    const data = { ...commonColumns(ctx, id, state), ...withoutSecrets(ctx, state), type: String(state.type) };
    return tx.destination.create({ data: { ...data, config: asJson(config) } });
  },
  async transformation(tx, ctx, id, state) {
    const { secrets } = withoutSecrets(ctx, state);
    const [code, version] = [String(state.code), Number(state.version)];
    await tx.transformation.create({ data: { ...commonColumns(ctx, id, state), code, version, secrets } });
    const author = { actor_kind: ctx.actor.kind, actor_id: ctx.actor.id, created_at: ctx.app.now() };
    return tx.transformationVersion.create({ data: { transformation_id: id, version, code, secrets, ...author } });
  },
  async connection(tx, ctx, id, state) {
    const ends = { source_id: String(state.source_id), destination_id: String(state.destination_id) };
    const switches = { disabled_at: timeOf(state.disabled_at), paused_at: timeOf(state.paused_at) };
    await tx.connection.create({ data: { ...commonColumns(ctx, id, state), ...ends, ...switches } });
    return writeRules(tx, ctx, id, state.rules as Rules);
  },
};

/** @throws where another has taken its name */
export async function bringBack(tx: Tx, ctx: Ctx, { kind, id, state }: Step & { action: "create" }): Promise<void> {
  await INSERTS[kind](tx, ctx, id, state);
  await recordAudit(tx, ctx, "create", kind, id, { after: { id, ...documentOf(kind, state) }, at: ctx.app.now() });
}
