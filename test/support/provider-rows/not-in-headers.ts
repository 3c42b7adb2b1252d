// Providers whose proof stands in the body or in the URL, each as its page says.
import { createHash } from "node:crypto";
import { base64, hex, NOW_S, type ProviderRows, URL_OF_SOURCE } from "./row.ts";

const FORM: [string, string] = ["Content-Type", "application/x-www-form-urlencoded"];
const TEXT = "text/plain; charset=utf-8";
const ADYEN_KEY = "4478203547000006091004393201130071006809300057550048020062606056";
const BT_PAYLOAD = Buffer.from(
  '<notification>\n<timestamp type="datetime">2026-11-20T09:30:00Z</timestamp>\n<kind>subscription_canceled</kind>\n<subject><subscription><id>sub_1</id></subscription></subject>\n</notification>\n',
).toString("base64");
const sha1Key = (secret: string) => createHash("sha1").update(secret).digest();

export const notInHeadersRows: ProviderRows = {
  ADYEN: {
    auth: { secret: ADYEN_KEY },
    sign: ({ secret, body }) => {
      const { notificationItems, ...rest } = JSON.parse(body);
      const [{ NotificationRequestItem: item }] = notificationItems;
      const text = [
        item.pspReference,
        "",
        item.merchantAccountCode,
        item.merchantReference,
        item.amount.value,
        item.amount.currency,
        item.eventCode,
        item.success,
      ].join(":");
      const hmacSignature = base64(Buffer.from(secret, "hex"), text);
      const signed = { NotificationRequestItem: { ...item, additionalData: { hmacSignature } } };
      return { body: JSON.stringify({ ...rest, notificationItems: [signed] }) };
    },
    signsBody: false,
    body: {
      live: "false",
      notificationItems: [
        {
          NotificationRequestItem: {
            eventCode: "AUTHORISATION",
            success: "true",
            eventDate: "2026-11-20T09:30:00+01:00",
            pspReference: "7914073381342284",
            merchantAccountCode: "TestMerchant",
            merchantReference: "TestPayment-1407325143704",
            amount: { value: 1130, currency: "EUR" },
          },
        },
      ],
    },
    event: {
      type: "AUTHORISATION",
      id: "AUTHORISATION:7914073381342284:true",
      occurredAt: "2026-11-20T09:30:00+01:00",
      resourceId: "7914073381342284",
    },
  },
  BRAINTREE: {
    auth: { secret: "integration_private_key", public_key: "integration_public_key" },
    sign: ({ secret, body }) => {
      const payload = new URLSearchParams(body).get("bt_payload") ?? "";
      const signature = `other|${"0".repeat(40)}&integration_public_key|${hex(sha1Key(secret), payload, "sha1")}`;
      return { body: new URLSearchParams({ bt_signature: signature, bt_payload: payload }).toString() };
    },
    signsBody: false,
    headers: [FORM],
    body: new URLSearchParams({ bt_payload: BT_PAYLOAD }).toString(),
    event: {
      type: "subscription_canceled",
      id: null,
      occurredAt: "2026-11-20T09:30:00Z",
      resourceId: "sub_1",
    },
    probes: [
      {
        method: "GET",
        url: `${URL_OF_SOURCE}&bt_challenge=20f9f8ed05f77439fe955c977e4c8a53`,
        // As its own libraries answer.
        answer: {
          status: 200,
          contentType: TEXT,
          body: "integration_public_key|d9b899556c966b3f06945ec21311865d35df3ce4",
        },
      },
    ],
  },
  MAILGUN: {
    isToken: true,
    sign: ({ secret, body, seconds }) => {
      const token = "e0b5477167110d68991efc6b9f89f0a11066af27834600e123";
      const signature = { token, timestamp: String(seconds), signature: hex(secret, `${seconds}${token}`) };
      return { body: JSON.stringify({ signature, ...JSON.parse(body) }) };
    },
    body: {
      "event-data": {
        id: "CPgfbmQMTCKtHW6uIWtuVe",
        timestamp: 1760000000.781459,
        event: "delivered",
        message: { headers: { "message-id": "20130503182626.18666.16540@mailgun.org" } },
      },
    },
    event: {
      type: "delivered",
      id: "e0b5477167110d68991efc6b9f89f0a11066af27834600e123",
      occurredAt: 1760000000.781459,
      resourceId: "20130503182626.18666.16540@mailgun.org",
    },
  },
  MICROSOFT_GRAPH: {
    isToken: true,
    sign: ({ secret, body }) => {
      const { value } = JSON.parse(body);
      return { body: JSON.stringify({ value: value.map((item: object) => ({ ...item, clientState: secret })) }) };
    },
    body: {
      value: [
        {
          subscriptionId: "7f105c7d-2dc5-4530-97cd-4e7ae6534c07",
          changeType: "updated",
          resource: "users/1/messages/2",
          resourceData: { id: "AAMkADRmMDExYzhjLWYyNGMtNDZmMC1iZDU4LTRkMjk4YTdjMjU5OABGAAAAAABp4MZ" },
        },
        {
          subscriptionId: "7f105c7d-2dc5-4530-97cd-4e7ae6534c07",
          changeType: "created",
          resource: "users/1/messages/3",
        },
      ],
    },
    event: {
      type: "created, updated",
      id: null,
      resourceId: "AAMkADRmMDExYzhjLWYyNGMtNDZmMC1iZDU4LTRkMjk4YTdjMjU5OABGAAAAAABp4MZ",
    },
    probes: [
      {
        method: "POST",
        url: `${URL_OF_SOURCE}&validationToken=Validation%3A+Testing+client+application+reachability+for+subscription+Request-Id%3A+d9`,
        answer: {
          status: 200,
          contentType: TEXT,
          body: "Validation: Testing client application reachability for subscription Request-Id: d9",
        },
      },
    ],
  },
  STRAVA: {
    isToken: true,
    auth: { secret: "STRAVA-0123456789" },
    sign: ({ secret, url }) => ({ url: `${url}&token=${secret}` }),
    body: {
      aspect_type: "update",
      event_time: NOW_S,
      object_id: 1360128428,
      object_type: "activity",
      subscription_id: 120475,
    },
    event: { type: "update", id: null, occurredAt: NOW_S, resourceId: 1360128428 },
    probes: [
      {
        method: "GET",
        url: `${URL_OF_SOURCE}&hub.verify_token=STRAVA-0123456789&hub.challenge=15f7d1a91c1f40f8a748fd134752feb3&hub.mode=subscribe`,
        answer: {
          status: 200,
          contentType: "application/json",
          body: '{"hub.challenge":"15f7d1a91c1f40f8a748fd134752feb3"}',
        },
      },
    ],
  },
};
