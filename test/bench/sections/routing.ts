// The processor time that routing an event takes in Postgres, as a multiple of what bare node:http takes for a request in the same
// round. Only the connections of routing are counted. The connection of the flow is paused, so nothing is sent meanwhile.
import { usedSeconds } from "#test/bench/processor-time.ts";
import { type Figure, listRounds } from "#test/bench/report.ts";
import { compareRounds } from "#test/bench/statistics.ts";
import { targetAt, wire } from "#test/bench/wiring.ts";
import { type Bench, CONNECTIONS, interleave, roundsOf, type Stack, startStack, untilRouted } from "./section.ts";

const ROUNDS = 6;
/** The purpose of routing's pool, as the worker names it to Postgres. */
const OF_ROUTING = `
select pid from pg_stat_activity where datname = current_database() and application_name = 'switchyard routes'`;

export async function measureRouting(bench: Bench): Promise<Figure[]> {
  const { bareServer, load, receiverPort, isQuick } = bench;
  await using stack = await startStack(bench, "bench_routing", async (databaseUrl, client) => {
    const wiring = await wire(databaseUrl, { receiverPort, fanOut: 1, source: { name: "one" } });
    await client.query("update connection set paused_at = now()");
    return wiring;
  });
  const { client, gateway, prepared } = stack;
  const door = targetAt(gateway.url, prepared.path);
  const bareDoor = targetAt(`http://127.0.0.1:${await bareServer.call("port", null)}`, "/");
  const hammer = async (target: typeof door, seconds = isQuick ? 2 : 3) => {
    const input = { target, payload: { kind: "plain" }, connections: CONNECTIONS, warmUpSeconds: 0, seconds } as const;
    const { answers, refused } = await load.call("hammer", input);
    if (refused > 0) throw new Error(`${refused} of ${answers} requests were refused.`);
    return answers;
  };
  const bare = async () => {
    const before = await usedSeconds([bareServer.pid]);
    const answers = await hammer(bareDoor);
    return (((await usedSeconds([bareServer.pid])) - before) * 1e6) / answers;
  };
  const ours = async () => {
    const { rows } = await client.query<{ pid: number }>(OF_ROUTING);
    const pids = rows.map(({ pid }) => pid);
    const [before, had] = [await usedSeconds(pids), await countEvents(client)];
    await hammer(door);
    await untilRouted(client);
    const events = (await countEvents(client)) - had;
    return (((await usedSeconds(pids)) - before) * 1e6) / events;
  };
  await hammer(bareDoor, 1);
  await hammer(door, 2);
  await untilRouted(client);
  const rounds = await interleave(roundsOf(bench, ROUNDS, 3), { bare, ours });
  const compared = compareRounds(rounds, "ours", "bare");
  return [
    {
      section: "routing",
      name: "processor time of Postgres for routing an event / bare node:http's for a request",
      value: compared.ratio,
      unit: "ratio",
      bar: { kind: "at most", limit: 0.8 },
      detail: `${compared.ours.toFixed(1)} us against ${compared.theirs.toFixed(1)} us; ${listRounds(compared.ratios)}`,
    },
  ];
}

const countEvents = async (client: Stack["client"]): Promise<number> =>
  (await client.query<{ n: number }>("select count(*)::int as n from event")).rows[0]?.n ?? 0;
