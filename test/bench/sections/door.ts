// The door against bare node:http: the same generator, the same requests, one after the other.
import type { Payload } from "#test/bench/load/payload.ts";
import { type Figure, listRounds, perSecond } from "#test/bench/report.ts";
import { compareRounds } from "#test/bench/statistics.ts";
import { targetAt, wire } from "#test/bench/wiring.ts";
import { type Bench, CONNECTIONS, interleave } from "./section.ts";

/** Of a generator that costs as little as it can: the less of two processors it takes, the more bare has of them. */
const LEAST_OF_BARE = 0.38;
/** A signature and a claim on the provider's event take a fifth, however fast the generator and bare are. */
const LEAST_OF_PLAIN = 0.8;

const STRIPE_SECRET = "whsec_bench_0123456789abcdef0123456789abcdef";

export async function measureDoor(bench: Bench): Promise<Figure[]> {
  const { instance, isQuick, load, receiverPort } = bench;
  await using stack = new AsyncDisposableStack();
  const databaseUrl = await instance.createDatabase("bench_door");
  const plain = await wire(databaseUrl, { receiverPort, fanOut: 0, source: { name: "plain" } });
  const config = { auth: { secret: STRIPE_SECRET } };
  const stripe = await wire(databaseUrl, {
    receiverPort,
    fanOut: 0,
    source: { name: "stripe", type: "STRIPE", config },
  });
  const { url } = stack.use(await instance.startRole("gateway", databaseUrl));
  const bareUrl = `http://127.0.0.1:${await bench.bareServer.call("port", null)}`;

  const seconds = isQuick ? 2 : 3;
  const rate = async (origin: string, path: string, payload: Payload, warmUpSeconds = 0.7) => {
    const target = targetAt(origin, path);
    const result = await load.call("hammer", { target, payload, connections: CONNECTIONS, warmUpSeconds, seconds });
    if (result.refused > 0)
      throw new Error(`${origin} answered ${result.refused} requests with another status than 200.`);
    return result.answersPerSecond;
  };
  const signed: Payload = { kind: "stripe", secret: STRIPE_SECRET };
  await rate(bareUrl, "/", { kind: "plain" }, 1);
  await rate(url, plain.path, { kind: "plain" }, 1);
  await rate(url, stripe.path, signed, 1);
  const rounds = await interleave(isQuick ? 3 : 6, {
    bare: () => rate(bareUrl, "/", { kind: "plain" }),
    plain: () => rate(url, plain.path, { kind: "plain" }),
    bareSigned: () => rate(bareUrl, "/", signed),
    signed: () => rate(url, stripe.path, signed),
  });

  type Side = keyof (typeof rounds)[number];
  const figure = (name: string, limit: number | null, side: Side, other: Side): Figure => {
    const compared = compareRounds(rounds, side, other);
    return {
      section: "door",
      name,
      value: compared.ratio,
      unit: "ratio",
      bar: limit === null ? null : { kind: "at least", limit },
      detail: `${perSecond(compared.ours)} against ${perSecond(compared.theirs)}; ${listRounds(compared.ratios)}`,
    };
  };
  return [
    figure("door / bare node:http", LEAST_OF_BARE, "plain", "bare"),
    figure("door with Stripe signature and dedupe / bare", null, "signed", "bareSigned"),
    figure("door with Stripe signature and dedupe / door", LEAST_OF_PLAIN, "signed", "plain"),
  ];
}
