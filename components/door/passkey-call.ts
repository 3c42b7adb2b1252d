import { type AuthAnswer, callAuth } from "./call-auth.ts";

type Refused = Extract<AuthAnswer, { kind: "refused" }>;

/** The browser says no more of why than that there was none: it tells pages nothing of a person's keys. */
const NONE_CHOSEN: Refused = {
  kind: "refused",
  code: "NONE_CHOSEN",
  message: "No passkey was chosen: try again, or sign in another way.",
};
const NOT_MADE: Refused = {
  kind: "refused",
  code: "NOT_MADE",
  message:
    "No passkey was made: try again, or choose another device. One that has a passkey of yours already makes no second.",
};

/** Its code is fetched with the press: most log-ins need none of it. */
const loadBrowser = () => import("@simplewebauthn/browser");
type Browser = Awaited<ReturnType<typeof loadBrowser>>;
type RequestOptions = Parameters<Browser["startAuthentication"]>[0]["optionsJSON"];
type CreationOptions = Parameters<Browser["startRegistration"]>[0]["optionsJSON"];

/** Signs in whoever the chosen passkey is of. */
export async function signInWithPasskey(): Promise<AuthAnswer> {
  const [{ startAuthentication }, begun] = await Promise.all([loadBrowser(), callAuth("/passkey/sign-in-options")]);
  if (begun.kind === "refused") return begun;
  const optionsJSON = begun.said as unknown as RequestOptions;
  const credential = await startAuthentication({ optionsJSON }).catch(() => null);
  return credential ? callAuth("/passkey/sign-in", { credential }) : NONE_CHOSEN;
}

/** Makes a passkey on a device of who is signed in. */
export async function addPasskey(name: string, password: string | undefined): Promise<AuthAnswer> {
  const [{ startRegistration }, begun] = await Promise.all([loadBrowser(), callAuth("/passkey/begin", { password })]);
  if (begun.kind === "refused") return begun;
  const optionsJSON = begun.said as unknown as CreationOptions;
  const credential = await startRegistration({ optionsJSON }).catch(() => null);
  return credential ? callAuth("/passkey/add", { name, credential }) : NOT_MADE;
}
