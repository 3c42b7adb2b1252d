// The size of what a plan, a list or an export would read, before any of it is read. A team may have any number of resources, and
// each may hold 256 KiB of code: all teams share the memory.
import type { Ctx } from "#server/auth/ctx.ts";
import type { FlowResourceKind } from "#server/contracts/flow.ts";
import { AppError } from "#server/errors/app-error.ts";
import { Prisma } from "#server/generated/prisma/client.ts";
import type { Tx } from "#server/resources/transact.ts";

/** What to read of a kind; undefined reads all. */
export interface Wanted {
  names: string[];
  ids: string[];
}

/** Some 30,000 resources with usual settings. */
const MAX_BYTES = 64 * 1024 * 1024;

const SETTINGS: Record<FlowResourceKind, Prisma.Sql> = {
  source: Prisma.sql`config::text`,
  destination: Prisma.sql`config::text`,
  connection: Prisma.sql`rules::text`,
  transformation: Prisma.sql`code`,
};

/** @param sizes statements, each with one number of bytes */
async function refuseMore(db: Tx, sizes: Prisma.Sql[]): Promise<void> {
  const [whole] = await db.$queryRaw<{ bytes: number }[]>`
    select coalesce(sum(bytes), 0)::float8 as bytes from (${Prisma.join(sizes, " union all ")}) as sizes`;
  if (!whole || whole.bytes <= MAX_BYTES) return;
  const mib = Math.ceil(whole.bytes / 1024 / 1024);
  const message = `What this speaks of has ${mib} MiB of code, rules and settings, and at most ${MAX_BYTES / 1024 / 1024} can be read at once: shorten code, or delete what nothing uses.`;
  throw new AppError("UNPROCESSABLE", message);
}

/** What runs. @throws AppError UNPROCESSABLE */
export function requireReadable(db: Tx, ctx: Ctx, wanted: Record<FlowResourceKind, Wanted> | undefined): Promise<void> {
  const kinds = Object.keys(SETTINGS) as FlowResourceKind[];
  const sizes = kinds.map((kind) => {
    const of = wanted?.[kind];
    const only = of ? Prisma.sql`and (name = any(${of.names}) or id = any(${of.ids}))` : Prisma.empty;
    return Prisma.sql`select sum(octet_length(${SETTINGS[kind]})) as bytes from ${Prisma.raw(kind)} where team_id = ${ctx.teamId} ${only}`;
  });
  return refuseMore(db, sizes);
}

/** What the files of the team's flows said. @throws AppError UNPROCESSABLE */
export const requireDeclaredReadable = (db: Tx, ctx: Ctx): Promise<void> =>
  refuseMore(db, [
    Prisma.sql`select sum(octet_length(declared)) as bytes from flow_resource where team_id = ${ctx.teamId}`,
  ]);
