// The proof by which whoever asks at PUBLIC_GATEWAY_URL knows that a gateway of this installation answers, and not some other
// program, or a gateway with another SWITCHYARD_SECRET.
import { hkdfSync, timingSafeEqual } from "node:crypto";
import { makeHmac } from "./hmac.ts";

/**
 * In the request: what the answer has to prove. Anybody may ask, for the price of one HMAC. They learn the id of a process, and have what a guess
 * at the secret can be tried at, so that a sentence of 32 characters which somebody made up is no good secret.
 */
export const CHALLENGE_HEADER = "x-switchyard-challenge";

const CHALLENGE = /^[0-9a-f]{32,64}$/;

export interface HealthProof {
  /** The id of the gateway that answers. */
  gateway: string;
  proof: string;
}

export interface HealthProofs {
  /** Undefined for what is no challenge. */
  answer(challenge: string | undefined, gateway: string): HealthProof | undefined;
  isGenuine(challenge: string, answer: HealthProof): boolean;
}

/** @param secret SWITCHYARD_SECRET @param otherSecret SWITCHYARD_OTHER_SECRET: a process that was not started anew proves with it */
export function makeHealthProofs(secret: string, otherSecret?: string): HealthProofs {
  const [digest, ...others] = [secret, ...(otherSecret === undefined ? [] : [otherSecret])].map((each) =>
    makeHmac("sha256", Buffer.from(hkdfSync("sha256", each, "", "switchyard health of a gateway", 32))),
  );
  if (!digest) throw new Error("There is no secret to prove with.");
  const signed = (challenge: string, gateway: string) => [`${challenge}.${gateway}`];
  return {
    answer(challenge, gateway) {
      if (challenge === undefined || !CHALLENGE.test(challenge)) return undefined;
      return { gateway, proof: digest(signed(challenge, gateway)).toString("base64url") };
    },
    isGenuine(challenge, { gateway, proof }) {
      const given = Buffer.from(proof, "base64url");
      return [digest, ...others].some((each) => {
        const own = each(signed(challenge, gateway));
        return own.length === given.length && timingSafeEqual(own, given);
      });
    },
  };
}
