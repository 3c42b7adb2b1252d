// The gateways of this installation, as verbs reach them: who lives, what one knows of a source, and the public way in.
import type { HeaderList } from "#server/contracts/header-list.ts";
import { KnownAnswer } from "#server/contracts/source-test.ts";
import { MARK_HEADER, type MarkKind, makeTestMarks } from "#server/crypto/test-mark.ts";
import type { Db } from "#server/database/prisma.ts";
import type { SendOutcome } from "#server/egress/client.ts";
import { type GatewayCalls, makeGatewayCalls } from "#server/egress/gateway-calls.ts";
import type { RoleEnv } from "#server/env.ts";

export interface LiveGateway {
  id: string;
  address: string;
}

export interface Gateways {
  /** Those that have shown a sign of life in the last fifteen seconds, by id. */
  live(): Promise<LiveGateway[]>;
  /** Sends a test to a source's public URL. */
  sendTest(test: SentTest): Promise<SendOutcome>;
  /** What a gateway says of a source; null when it does not answer. */
  ask(gateway: LiveGateway, sourceKey: string): Promise<KnownAnswer | null>;
  close(): Promise<void>;
}

export interface SentTest {
  sourceKey: string;
  /** The path and the query behind the source's own; empty where there is none. */
  behind: string;
  kind: Exclude<MarkKind, "known">;
  method: string;
  headers: HeaderList;
  body: Buffer | null;
}

const LIVE_MS = 15_000;
/** A list longer than any installation has, so that a call costs no more than so many questions. */
const MAX_GATEWAYS = 50;
const TEST_TIMEOUT_MS = 5_000;
const ASK_TIMEOUT_MS = 1_500;

export function makeGateways(
  env: Pick<RoleEnv, "secret" | "otherSecret" | "publicGatewayUrl">,
  db: Db,
  now: () => Date,
  calls: GatewayCalls = makeGatewayCalls(),
): Gateways {
  const marks = makeTestMarks(env.secret, env.otherSecret);
  const mark = (kind: MarkKind, sourceKey: string): [string, string] => [
    MARK_HEADER,
    marks.make(kind, sourceKey, now().getTime()),
  ];
  return {
    live: () => db.$queryRaw<LiveGateway[]>`
      select id, address from gateway_process where beat_at > now() - ${LIVE_MS} * interval '1 millisecond'
      order by id limit ${MAX_GATEWAYS}`,
    sendTest: ({ kind, headers, ...test }) =>
      calls.call({
        ...test,
        base: env.publicGatewayUrl,
        headers: [...headers, mark(kind, test.sourceKey)],
        timeoutMs: TEST_TIMEOUT_MS,
      }),
    async ask({ id, address }, sourceKey) {
      const headers = [mark("known", sourceKey)];
      const asked = { base: address, sourceKey, method: "GET", headers, body: null, timeoutMs: ASK_TIMEOUT_MS };
      const answer = await calls.call(asked);
      if (answer.kind !== "response" || answer.status !== 200) return null;
      const read = KnownAnswer.safeParse(parsed(answer.body.toString("utf8")));
      // Another process may have the address by now.
      return read.success && read.data.gateway_id === id ? read.data : null;
    },
    close: () => calls.close(),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
