import { createHmac, timingSafeEqual } from "node:crypto";
import type { z } from "zod";
import { field } from "#server/providers/body-fields.ts";
import { identifyList } from "#server/providers/event-list.ts";
import { type Check, type Inbound, rejected } from "#server/providers/inbound.ts";
import { keyBytes } from "#server/providers/key-format.ts";
import { makeProvider } from "#server/providers/make-provider.ts";
import type { ProviderProof } from "#server/providers/provider.ts";
import { secretProblems } from "#server/providers/secret-problem.ts";
import { keysOf, SecretsAlone } from "#server/providers/settings.ts";

const KEY = { encoding: "hex" } as const;
/** Adyen's own are a few kilobytes: a larger body is not parsed for its signature. */
const MAX_BODY_BYTES = 256 * 1024;
const MAX_ITEMS = 100;

/** The items of a notification; null where the body is none. Only a body that Adyen may have sent is parsed. */
function itemsOf({ body }: Inbound): unknown[] | null {
  if (body.length > MAX_BODY_BYTES) return null;
  try {
    const items = field(JSON.parse(body.toString("utf8")), "notificationItems");
    if (!Array.isArray(items) || items.length === 0 || items.length > MAX_ITEMS) return null;
    return items.map((item) => field(item, "NotificationRequestItem"));
  } catch {
    return null;
  }
}

/** What stands under an item's signature; a field that is absent is empty. */
function signedText(item: unknown): string {
  const amount = field(item, "amount");
  const fields = [
    ...["pspReference", "originalReference", "merchantAccountCode", "merchantReference"].map((name) =>
      field(item, name),
    ),
    ...["value", "currency"].map((name) => field(amount, name)),
    ...["eventCode", "success"].map((name) => field(item, name)),
  ];
  return fields.map((value) => (typeof value === "object" ? "" : String(value ?? ""))).join(":");
}

const sign = (key: Buffer, item: unknown) => createHmac("sha256", key).update(signedText(item)).digest();

function isSigned(item: unknown, key: Buffer): boolean {
  const signature = field(field(item, "additionalData"), "hmacSignature");
  if (typeof signature !== "string") return false;
  const claimed = Buffer.from(signature, "base64");
  const expected = sign(key, item);
  return (
    claimed.length === expected.length && claimed.toString("base64") === signature && timingSafeEqual(claimed, expected)
  );
}

function makeCheck(settings: z.output<typeof SecretsAlone>): Check {
  const keys = keysOf(settings, (secret) => keyBytes(secret, KEY));
  return (inbound) => {
    const items = itemsOf(inbound);
    if (!items) return rejected("The body holds no notificationItems as Adyen sends them.");
    // One key signs all of a notification: items of several senders are not mixed.
    const match = keys.find(({ key }) => items.every((item) => isSigned(item, key)));
    if (match) return { kind: "verified", with: match.with };
    return rejected("No hmacSignature in the body belongs to its item and a secret of this source.");
  };
}

const proof: ProviderProof<typeof SecretsAlone> & { hmac: null } = {
  headers: [],
  hmac: null,
  about: "base64 HMAC SHA-256 of eight fields, in the body",
  settings: SecretsAlone,
  rotation: { field: "secret", previous: "previous_secret", made: null },
  makeCheck,
  problems: (auth) => secretProblems(auth, KEY),
  secretHeaders: () => [],
  prove: (_settings, draft) => ({
    kind: "written",
    write(secret) {
      const key = keyBytes(secret, KEY);
      const items = itemsOf(draft);
      if (!key || !items) return null;
      const signed = items.map((item) => ({
        NotificationRequestItem: {
          ...(item as object),
          additionalData: { hmacSignature: sign(key, item).toString("base64") },
        },
      }));
      const body = Buffer.from(JSON.stringify({ live: "false", notificationItems: signed }));
      return { url: draft.urls[0] ?? "", headers: draft.headers, body };
    },
  }),
};

const ITEM = "notificationItems.0.NotificationRequestItem";

/** Its standard webhooks. The signature covers what was paid, by which reference and with which success, and not the rest. */
export const adyen = makeProvider(
  {
    name: "adyen",
    title: "Adyen",
    tile: "Ad",
    docs: "https://docs.adyen.com/development-resources/webhooks/secure-webhooks/verify-hmac-signatures/",
    isConfirmed: true,
  },
  proof,
  { occurredAt: `${ITEM}.eventDate`, resourceId: `${ITEM}.pspReference` },
  {
    identify: (inbound) =>
      identifyList(
        (itemsOf(inbound) ?? []).map((item) => {
          const [code, reference, success] = ["eventCode", "pspReference", "success"].map((name) => field(item, name));
          // Adyen repeats an event under the same code and reference.
          return { type: code, id: code && reference ? `${code}:${reference}:${success}` : null };
        }),
      ) ?? { eventType: null, providerEventId: null },
    sample: (id) => ({
      headers: [],
      body: {
        live: "false",
        notificationItems: [
          {
            NotificationRequestItem: {
              eventCode: "AUTHORISATION",
              success: "true",
              pspReference: id,
              merchantAccountCode: "TestMerchant",
              merchantReference: "A test of the way here.",
              amount: { value: 4200, currency: "EUR" },
            },
          },
        ],
      },
    }),
  },
);
