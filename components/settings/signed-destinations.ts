import type { Destination } from "#server/contracts/destination.ts";

/** On one page, as the API gives at most so many. */
export const MOST_DESTINATIONS = 255;

export type SignedDestination = Extract<Destination, { type: "HTTP" }>;

/** Whether deliveries to it carry a signature over their bytes, with a secret that is made here. */
export const isSigned = (destination: Destination): destination is SignedDestination =>
  destination.type === "HTTP" &&
  (destination.config.auth_type === "SWITCHYARD_SIGNATURE" || destination.config.auth_type === "CUSTOM_SIGNATURE");

const textOf = (value: unknown) => (typeof value === "string" ? value : undefined);

/** The secrets as they are read: masked, the previous one only while it is valid. */
export const secretsOf = ({ config: { auth } }: SignedDestination) => ({
  current: textOf(auth.signing_secret),
  previous: textOf(auth.previous_secret),
});
