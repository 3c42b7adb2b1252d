// The branches of one request: what each connection made of it, with the names that a person knows.
import type { Ctx } from "#server/auth/ctx.ts";
import { ListRequestChildren } from "#server/contracts/request.ts";
import { MAX_BRANCHES, type RequestBranch, type RequestBranches } from "#server/contracts/request-branch.ts";
import type { ById } from "#server/contracts/resource-fields.ts";
import { listIgnoredEvents, listRequestEvents } from "./request-children.ts";

/** Those with an event first, each kind by the connection's name. Asks NOT_FOUND of an unknown request. */
export async function listRequestBranches(ctx: Ctx, { id }: ById): Promise<RequestBranches> {
  const input = ListRequestChildren.parse({ request_id: id, limit: MAX_BRANCHES, dir: "asc" });
  const [events, ignored] = await Promise.all([listRequestEvents(ctx, input), listIgnoredEvents(ctx, input)]);
  const branches = [
    ...events.data.map((event) => ({ ...endsOf(event), event, ignored: null })),
    ...ignored.data.map((one) => ({ ...endsOf(one), event: null, ignored: one })),
  ];
  const names = await findNames(ctx, branches);
  const named = branches.slice(0, MAX_BRANCHES).map((branch) => ({
    ...branch,
    connection_name: names.get(branch.connection_id) ?? null,
    destination_name: names.get(branch.destination_id) ?? null,
  }));
  const isCut = branches.length > MAX_BRANCHES || [events, ignored].some((page) => page.pagination.next !== null);
  return { data: named.toSorted(byName), is_cut: isCut };
}

type Ends = Pick<RequestBranch, "connection_id" | "destination_id">;
const endsOf = ({ connection_id, destination_id }: Ends): Ends => ({ connection_id, destination_id });

async function findNames(ctx: Ctx, branches: readonly Ends[]): Promise<Map<string, string>> {
  const of = (ids: string[]) => ({
    where: { team_id: ctx.teamId, id: { in: [...new Set(ids)] } },
    select: { id: true, name: true },
  });
  const found = await Promise.all([
    ctx.app.db.connection.findMany(of(branches.map(({ connection_id }) => connection_id))),
    ctx.app.db.destination.findMany(of(branches.map(({ destination_id }) => destination_id))),
  ]);
  return new Map(found.flat().map(({ id, name }) => [id, name]));
}

const byName = (a: RequestBranch, b: RequestBranch) =>
  Number(a.event === null) - Number(b.event === null) ||
  (a.connection_name ?? a.connection_id).localeCompare(b.connection_name ?? b.connection_id, "en");
