// Destinations with groups of customers, and floods, for tests of turns and groups.
import type { CreateDestination } from "#server/contracts/destination.ts";
import { joinLines } from "#server/events/order-line.sql.ts";
import { newId } from "#server/ids.ts";
import { type Branch, makeBranch } from "./branch.ts";
import type { Receipt, Receiver } from "./receiver.ts";
import { eventually, type World } from "./world.ts";

export type Config = NonNullable<CreateDestination["config"]>;
export const BY_CUSTOMER = { key: "body.customer_id" };

export const customerOf = ({ body }: Receipt): string => JSON.parse(body.toString()).customer_id ?? "";
export const received = ({ receipts }: Receiver, customer: string) =>
  receipts.filter((receipt) => customerOf(receipt) === customer);

export const makeGrouped = (world: World, receiver: Receiver, groups: Config["groups"], config: Config = {}) =>
  makeBranch(world, { to: { url: receiver.url, ...config, groups } });

export const sendMany = (branch: Branch, customer_id: string, count: number) =>
  Promise.all(Array.from({ length: count }, (_, n) => branch.send({ customer_id, n })));

export const statuses = async (world: World, branch: Branch) =>
  (await world.events(branch.id)).map(({ status }) => status);

export const allDelivered = (world: World, branch: Branch, count: number) =>
  eventually(
    () => statuses(world, branch),
    (all) => all.length === count && all.every((status) => status === "DELIVERED"),
  );

interface Flood {
  /** That of the first event where it is left out. */
  turnKey?: string | null;
  /** At a destination that keeps an order: whether all are in the line of the first one. */
  isOneLine?: boolean;
  /** At a destination with groups: into how many they are spread. */
  groups?: number;
}

/** Puts copies of a branch's first event in line, all due, as routing would have written them. */
export async function flood(
  world: World,
  branch: Branch,
  count: number,
  { turnKey, isOneLine = false, groups }: Flood = {},
): Promise<void> {
  const [first] = await eventually(
    () => world.events(branch.id),
    (rows) => rows.length === 1,
  );
  const ids = Array.from({ length: count }, () => newId("event", Date.now())).sort();
  await world.all(
    `with copied as (
       insert into event (team_id, id, request_id, source_id, connection_id, destination_id, status, next_attempt_at, trigger, why, created_at, turn_key, order_key)
       select team_id, new.id, request_id, source_id, connection_id, destination_id, 'QUEUED', now() - interval '1 minute', 'INITIAL', why, created_at,
         case when $6::integer is not null then left(turn_key, 9) || '=' || n % $6 when $4 then turn_key else $3 end, case when $5 then order_key else left(order_key, 9) || '=' || new.id end
       from event, unnest($2::text[]) with ordinality as new(id, n) where event.id = $1 returning *
     ) ${joinLines("copied")}`,
    [first?.id, ids, turnKey ?? null, turnKey === undefined, isOneLine, groups ?? null],
  );
  await world.worker.lanes.wake([branch.destinationId]);
}
