// The link by which the reader of an address ends a team's notifications, without any account: whoever has it reads the mail of
// that address. All processes derive its key from SWITCHYARD_SECRET.
import { hkdfSync, timingSafeEqual } from "node:crypto";
import { makeHmac } from "./hmac.ts";

export interface Recipient {
  teamId: string;
  address: string;
}

export interface UnsubscribeLinks {
  token(recipient: Recipient): string;
  /** Null for what was not made here. */
  read(token: string): Recipient | null;
}

const TOKEN = /^([A-Za-z0-9_-]{1,600})\.([A-Za-z0-9_-]{43})$/;

const digestOf = (secret: string) =>
  makeHmac("sha256", Buffer.from(hkdfSync("sha256", secret, "", "switchyard unsubscribe", 32)));

/** @param secret SWITCHYARD_SECRET @param otherSecret SWITCHYARD_OTHER_SECRET: links that were made under it still work */
export function makeUnsubscribeLinks(secret: string, otherSecret?: string): UnsubscribeLinks {
  const digest = digestOf(secret);
  const digests = otherSecret === undefined ? [digest] : [digest, digestOf(otherSecret)];
  return {
    token({ teamId, address }) {
      const named = Buffer.from(JSON.stringify([teamId, address])).toString("base64url");
      return `${named}.${digest([named]).toString("base64url")}`;
    },
    read(token) {
      const [, named = "", given = ""] = TOKEN.exec(token) ?? [];
      if (named === "") return null;
      const isOurs = digests.some((each) => timingSafeEqual(Buffer.from(given, "base64url"), each([named])));
      if (!isOurs) return null;
      const [teamId, address] = JSON.parse(Buffer.from(named, "base64url").toString()) as [string, string];
      return { teamId, address };
    },
  };
}

export const unsubscribePath = (token: string): string => `/unsubscribe/${token}`;
