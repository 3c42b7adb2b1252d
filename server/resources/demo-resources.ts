// Rows of the demo's resources. They are written without an entry each in the audit log: the demo has one of its own.
import type { Ctx } from "#server/auth/ctx.ts";
import { DEMO_PROVIDERS, type DemoProviderName } from "#server/demo/providers.ts";
import { DEMO_CONNECTIONS, DEMO_DESTINATIONS, DEMO_TRANSFORMATION } from "#server/demo/topology.ts";
import { newId, newSourceKey } from "#server/ids.ts";
import { writeRules } from "./connection-rules.sql.ts";
import { judgesOf, newDestinationSettings } from "./destination-settings.ts";
import { sealSecrets, splitAuth } from "./secret-fields.ts";
import { newSourceConfig } from "./source-config.ts";
import { asJson, type Tx } from "./transact.ts";

type Kind = "source" | "destination" | "connection" | "transformation";
/** Names of each kind that the team has, and those made just now. */
type Taken = Record<Kind, Set<string>>;

async function takenNames(tx: Tx, ctx: Ctx): Promise<Taken> {
  const asked = { where: { team_id: ctx.teamId, name: { startsWith: "demo-" } }, select: { name: true } } as const;
  const names = (rows: { name: string }[]) => new Set(rows.map(({ name }) => name));
  return {
    source: names(await tx.source.findMany(asked)),
    destination: names(await tx.destination.findMany(asked)),
    connection: names(await tx.connection.findMany(asked)),
    transformation: names(await tx.transformation.findMany(asked)),
  };
}

/** The name, or with the first number behind it that makes it free: the team may have run a demo of its own. */
function takeName(taken: Set<string>, name: string): string {
  let free = name;
  for (let n = 2; taken.has(free); n++) free = `${name}-${n}`;
  taken.add(free);
  return free;
}

const DESCRIPTION = "Part of the demo: made up, and removed with it.";

interface Making {
  tx: Tx;
  ctx: Ctx;
  taken: Taken;
}

/** What every row has in common. */
function head({ ctx, taken }: Making, kind: Kind, name: string) {
  const now = ctx.app.now();
  return {
    id: newId(kind, now.getTime()),
    team_id: ctx.teamId,
    name: takeName(taken[kind], name),
    description: DESCRIPTION,
    created_at: now,
    updated_at: now,
  };
}

async function makeSource(making: Making, name: DemoProviderName): Promise<string> {
  const provider = DEMO_PROVIDERS[name].of(DEMO_PROVIDERS[name].newSecret());
  const config = newSourceConfig(provider.type, { auth: { secret: provider.secret } });
  const { clear, secrets } = splitAuth(config.auth);
  const row = head(making, "source", `demo-${name}`);
  const data = {
    ...row,
    type: provider.type,
    key: newSourceKey(),
    config: asJson({ ...config, auth: clear }),
    secrets: sealSecrets(making.ctx.app.keyring, "source", row.id, secrets),
  };
  await making.tx.source.create({ data, select: { id: true } });
  return row.id;
}

async function makeDestination(making: Making, name: keyof typeof DEMO_DESTINATIONS): Promise<string> {
  const { settings } = newDestinationSettings("MOCK", DEMO_DESTINATIONS[name], judgesOf(making.ctx));
  const data = { ...head(making, "destination", name), type: "MOCK", config: asJson(settings.config) };
  await making.tx.destination.create({ data, select: { id: true } });
  return data.id;
}

async function makeTransformation(making: Making): Promise<string> {
  const { code, name, description } = DEMO_TRANSFORMATION;
  const row = head(making, "transformation", name);
  const versions = { create: { version: 1, code, created_at: row.created_at } };
  await making.tx.transformation.create({ data: { ...row, description, code, versions }, select: { id: true } });
  return row.id;
}

const keysOf = <K extends string>(record: Record<K, unknown>) => Object.keys(record) as K[];

/** Makes one thing after the other, and keeps its id by its name. */
async function makeEach<K extends string>(names: K[], make: (name: K) => Promise<string>): Promise<Map<K, string>> {
  const ids = new Map<K, string>();
  for (const name of names) ids.set(name, await make(name));
  return ids;
}

/** Makes everything of the demo. */
export async function makeDemoResources(tx: Tx, ctx: Ctx) {
  const making = { tx, ctx, taken: await takenNames(tx, ctx) };
  const sources = await makeEach(keysOf(DEMO_PROVIDERS), (name) => makeSource(making, name));
  const destinations = await makeEach(keysOf(DEMO_DESTINATIONS), (name) => makeDestination(making, name));
  const transformationId = await makeTransformation(making);
  for (const { name, source, destination, rules } of DEMO_CONNECTIONS) {
    const ends = { source_id: sources.get(source) ?? "", destination_id: destinations.get(destination) ?? "" };
    const data = { ...head(making, "connection", name), ...ends };
    await tx.connection.create({ data, select: { id: true } });
    await writeRules(tx, ctx, data.id, rules(transformationId));
  }
  return {
    source_ids: [...sources.values()],
    destination_ids: [...destinations.values()],
    transformation_ids: [transformationId],
  };
}
