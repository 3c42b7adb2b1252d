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

/** @param secret SWITCHYARD_SECRET */
export function makeUnsubscribeLinks(secret: string): UnsubscribeLinks {
  const digest = makeHmac("sha256", Buffer.from(hkdfSync("sha256", secret, "", "switchyard unsubscribe", 32)));
  return {
    token({ teamId, address }) {
      const named = Buffer.from(JSON.stringify([teamId, address])).toString("base64url");
      return `${named}.${digest([named]).toString("base64url")}`;
    },
    read(token) {
      const [, named = "", given = ""] = TOKEN.exec(token) ?? [];
      if (named === "" || !timingSafeEqual(Buffer.from(given, "base64url"), digest([named]))) return null;
      const [teamId, address] = JSON.parse(Buffer.from(named, "base64url").toString()) as [string, string];
      return { teamId, address };
    },
  };
}

export const unsubscribePath = (token: string): string => `/unsubscribe/${token}`;
