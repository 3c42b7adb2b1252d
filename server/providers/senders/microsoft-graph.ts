import { field } from "#server/providers/body-fields.ts";
import type { Inbound } from "#server/providers/inbound.ts";
import { makeProvider } from "#server/providers/make-provider.ts";
import { queryValue } from "#server/providers/probes.ts";
import type { Handshake } from "#server/providers/provider.ts";
import { tokenAt } from "#server/providers/shared-token.ts";

/** Graph sends some hundred notifications at once at most. */
const MAX_BODY_BYTES = 1024 * 1024;
const MAX_ITEMS = 1000;
/** Graph's own is a sentence that names the request, or letters and digits. */
const VALIDATION = /^[A-Za-z0-9 :._~+/=-]{1,512}$/;

function parsed(body: Buffer): unknown {
  if (body.length > MAX_BODY_BYTES) return undefined;
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    return undefined;
  }
}

/** The `clientState` that all notifications of a request have; null where they have none or several. */
function clientState({ body }: Inbound): string | null {
  const items = field(parsed(body), "value");
  if (!Array.isArray(items) || items.length === 0 || items.length > MAX_ITEMS) return null;
  const [first, ...others] = items.map((item) => field(item, "clientState"));
  return typeof first === "string" && others.every((state) => state === first) ? first : null;
}

const KEY = '"clientState"';
/** The state has at most 128 characters, each of at most six when it is written in escapes. */
const VALUE = /^\s{0,9}:\s{0,9}("(?:[^"\\]|\\.){0,768}")/;

/** The same letters may stand in a few texts before it. */
const MAX_LOOKS = 4;

/** The text behind the first key of that name; null where there is none. */
function firstClientState({ body }: Inbound): string | null {
  let at = body.indexOf(KEY);
  for (let looks = 0; looks < MAX_LOOKS && at !== -1; looks += 1) {
    const behind = at + KEY.length;
    const [, written] = VALUE.exec(body.toString("utf8", behind, behind + 1024)) ?? [];
    if (written !== undefined) return textOf(written);
    at = body.indexOf(KEY, behind);
  }
  return null;
}

function textOf(written: string): string | null {
  try {
    return JSON.parse(written) as string;
  } catch {
    return null;
  }
}

const byState = (stateOf: (inbound: Inbound) => string | null) =>
  tokenAt(
    {
      words: "The clientState of the notifications",
      values(inbound) {
        const state = stateOf(inbound);
        return state === null ? [] : [Buffer.from(state, "utf8")];
      },
    },
    { about: "a token in each notification, checked by equality", maskedPaths: ["body.value[*].clientState"] },
    (draft) => ({
      kind: "written",
      write(secret) {
        const items = field(parsed(draft.body), "value");
        if (!Array.isArray(items)) return null;
        const body = Buffer.from(JSON.stringify({ value: items.map((item) => ({ ...item, clientState: secret })) }));
        return { url: draft.urls[0] ?? "", headers: draft.headers, body };
      },
    }),
  );

const [byFirst, byAll] = [byState(firstClientState), byState(clientState)];

/**
 * A body of 1 MiB takes some 20 ms to parse, of the thread that all teams' requests come through: only who knows the first state
 * has it parsed.
 */
const proof: typeof byAll = {
  ...byAll,
  makeCheck(settings) {
    const [checkFirst, checkAll] = [byFirst.makeCheck(settings), byAll.makeCheck(settings)];
    return (...request) => {
      const judged = checkFirst(...request);
      return "kind" in judged && judged.kind === "authenticated" ? checkAll(...request) : judged;
    };
  },
};

/** A new subscription asks by POST for a parameter of the query back, as text. */
const handshake: Handshake = {
  isSigned: false,
  answer(inbound) {
    const token = inbound.method === "POST" ? queryValue(inbound, "validationToken") : null;
    if (token === null || !VALIDATION.test(token)) return null;
    return { status: 200, contentType: "text/plain; charset=utf-8", body: token };
  },
};

/** A notification has an id of its own only for some resources. */
export const microsoftGraph = makeProvider(
  {
    name: "microsoft-graph",
    title: "Microsoft Graph",
    tile: "Gr",
    docs: "https://learn.microsoft.com/en-us/graph/change-notifications-delivery-webhooks",
    isConfirmed: true,
  },
  proof,
  {
    list: { at: "value", type: ["lifecycleEvent", "changeType"], id: "id" },
    resourceId: ["value.0.resourceData.id", "value.0.resource"],
  },
  {
    handshake,
    fieldWords: { secret: { label: "clientState", help: "Give it when the subscription is made." } },
    sample: (id) => ({
      headers: [],
      body: { value: [{ subscriptionId: id, changeType: "updated", resource: "me/messages/1" }] },
    }),
  },
);
