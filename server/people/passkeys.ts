// Passkeys: the log-in library's endpoints of ours that add one, take one away, and let somebody in by one. A passkey says
// who it is and that its person was there (a finger or a PIN), so it needs neither an address nor a code besides.
import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  type VerifiedAuthenticationResponse,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from "@simplewebauthn/server";
import { APIError, createAuthEndpoint, getSessionFromCtx } from "better-auth/api";
import { z } from "zod";
import type { App } from "#server/auth/ctx.ts";
import type { RelyingParty } from "#server/auth/relying-party.ts";
import { PasskeyName } from "#server/contracts/passkey.ts";
import { newId } from "#server/ids.ts";
import { recordOfPerson } from "./account-audit.ts";
import { CHALLENGE_MS, type ChallengeUse, makeChallenge, takeChallenge } from "./passkey-challenges.ts";
import { type Ctx, proveAgain } from "./prove-again.ts";
import { signIn } from "./sign-in.ts";

type PeopleApp = Pick<App, "db" | "now">;

const MAX_PASSKEYS = 20;
/** Of a credential's id (WebAuthn Level 3, section 4). */
const MAX_ID_CHARS = 1_366;
const Base64url = z
  .string()
  .max(12_000)
  .regex(/^[\w-]+$/);
const Id = Base64url.max(MAX_ID_CHARS);
const Shown = { id: Id, rawId: Id, type: z.literal("public-key"), clientExtensionResults: z.object({}).default({}) };
const Assertion = z.object({
  ...Shown,
  response: z.object({
    clientDataJSON: Base64url,
    authenticatorData: Base64url,
    signature: Base64url,
    userHandle: Base64url,
  }),
});
const Attestation = z.object({
  ...Shown,
  response: z.object({
    clientDataJSON: Base64url,
    attestationObject: Base64url,
    transports: z.array(z.string().max(20)).max(10).default([]),
  }),
});
type Assertion = z.infer<typeof Assertion>;
type Attestation = z.infer<typeof Attestation>;

/** EdDSA, ES256 and RS256: what authenticators have. */
const ALGORITHMS = [-8, -7, -257];

const Password = z.object({ password: z.string().max(256).optional() });

const NO_PASSKEYS = new APIError("NOT_FOUND", {
  code: "NO_PASSKEYS",
  message:
    "Passkeys need the dashboard at a name with https, or at http://localhost: open it there, and set PUBLIC_DASHBOARD_URL to it.",
});
/** One sentence for each way to fail: a stranger learns no more. */
const refused = () =>
  new APIError("UNAUTHORIZED", {
    code: "PASSKEY_REFUSED",
    message: "This passkey does not let anybody in here: use another one, or your password.",
  });
const notAdded = () =>
  new APIError("BAD_REQUEST", { code: "PASSKEY_NOT_ADDED", message: "The passkey could not be checked: begin again." });

/** @param party null where no browser keeps passkeys for this installation */
export const passkeys = (app: PeopleApp, party: RelyingParty | null) => ({
  id: "switchyard-passkeys",
  endpoints: {
    passkeySignInOptions: createAuthEndpoint("/passkey/sign-in-options", { method: "POST" }, async (ctx) => {
      if (!party) throw NO_PASSKEYS;
      const challenge = makeChallenge(ctx.context.secret, { kind: "sign-in" }, app.now());
      return ctx.json(
        await generateAuthenticationOptions({
          rpID: party.id,
          challenge,
          userVerification: "required",
          timeout: CHALLENGE_MS,
        }),
      );
    }),
    passkeySignIn: createAuthEndpoint(
      "/passkey/sign-in",
      { method: "POST", body: z.object({ credential: Assertion }) },
      async (ctx) => {
        if (!party) throw NO_PASSKEYS;
        const userId = await personOf(app, ctx, party, ctx.body.credential);
        if (userId === null) throw refused();
        return ctx.json(await signIn(ctx, userId));
      },
    ),
    passkeyBegin: createAuthEndpoint("/passkey/begin", { method: "POST", body: Password }, async (ctx) => {
      if (!party) throw NO_PASSKEYS;
      const { userId, email, sessionId } = await proveAgain(app, ctx, ctx.body.password);
      const there = await app.db.passkey.findMany({
        where: { user_id: userId },
        select: { credential_id: true, transports: true },
      });
      if (there.length >= MAX_PASSKEYS) throw tooMany();
      return ctx.json(
        await generateRegistrationOptions({
          rpName: "Switchyard",
          rpID: party.id,
          userID: new TextEncoder().encode(userId),
          userName: email,
          challenge: makeChallenge(ctx.context.secret, { kind: "add", userId, sessionId }, app.now()),
          timeout: CHALLENGE_MS,
          attestationType: "none",
          supportedAlgorithmIDs: ALGORITHMS,
          excludeCredentials: there.map(({ credential_id: id, transports }) => ({ id, transports })),
          authenticatorSelection: { residentKey: "required", userVerification: "required" },
        }),
      );
    }),
    passkeyAdd: createAuthEndpoint(
      "/passkey/add",
      { method: "POST", body: z.object({ name: PasskeyName, credential: Attestation }) },
      async (ctx) => {
        if (!party) throw NO_PASSKEYS;
        const there = await getSessionFromCtx(ctx, { disableRefresh: true });
        if (!there) throw signedOut();
        const use = { kind: "add", userId: there.user.id, sessionId: there.session.id } as const;
        const id = await addPasskey(app, ctx, party, use, ctx.body);
        return ctx.json({ id });
      },
    ),
    // A name lets nobody in, so it takes no password.
    passkeyRename: createAuthEndpoint(
      "/passkey/rename",
      { method: "POST", body: z.object({ id: z.string().max(64), name: PasskeyName }) },
      async (ctx) => {
        const there = await getSessionFromCtx(ctx, { disableRefresh: true });
        if (!there) throw signedOut();
        const { id, name } = ctx.body;
        const where = { id, user_id: there.user.id };
        const before = await app.db.passkey.findFirst({ where, select: { name: true } });
        const { count } = await app.db.passkey.updateMany({ where, data: { name } });
        if (!before || count === 0) throw noSuchPasskey();
        if (before.name !== name)
          await recordOfPerson(app, there.user.id, { of: ["passkey", id], before, after: { name } });
        return ctx.json({ ok: true });
      },
    ),
    passkeyRemove: createAuthEndpoint(
      "/passkey/remove",
      { method: "POST", body: Password.extend({ id: z.string().max(64) }) },
      async (ctx) => {
        const { userId } = await proveAgain(app, ctx, ctx.body.password);
        const where = { id: ctx.body.id, user_id: userId };
        const passkey = await app.db.passkey.findFirst({ where, select: { name: true } });
        const { count } = await app.db.passkey.deleteMany({ where });
        if (!passkey || count === 0) throw noSuchPasskey();
        await recordOfPerson(app, userId, { action: "delete", of: ["passkey", ctx.body.id], before: passkey });
        return ctx.json({ ok: true });
      },
    ),
  },
});

const signedOut = () => new APIError("UNAUTHORIZED", { code: "SIGNED_OUT", message: "Sign in first." });
const noSuchPasskey = () =>
  new APIError("NOT_FOUND", { code: "NOT_FOUND", message: "You have no such passkey any more." });
const tooMany = () =>
  new APIError("FORBIDDEN", {
    code: "TOO_MANY_PASSKEYS",
    message: `You have ${MAX_PASSKEYS} passkeys: remove one that you do not use any more.`,
  });

/** Whom the passkey lets in; null for whatever is not as it must be. */
async function personOf(app: PeopleApp, ctx: Ctx, party: RelyingParty, shown: Assertion): Promise<string | null> {
  const known = await app.db.passkey.findUnique({ where: { credential_id: shown.id } });
  if (!known || Buffer.from(shown.response.userHandle, "base64url").toString() !== known.user_id) return null;
  const credential = {
    id: known.credential_id,
    publicKey: known.public_key,
    counter: Number(known.counter),
  };
  const use = { kind: "sign-in" } as const;
  const checked = await verifyAuthenticationResponse({
    response: shown,
    expectedChallenge: (challenge) => takeChallenge(app, ctx.context.secret, use, challenge),
    expectedOrigin: party.origin,
    expectedRPID: party.id,
    credential,
    requireUserVerification: true,
  }).catch(asUnverified);
  if (!checked?.verified) return null;
  const { newCounter, credentialBackedUp } = checked.authenticationInfo;
  // A counter that somebody else has moved meanwhile is one of two copies of a key.
  const { count } = await app.db.passkey.updateMany({
    where: { id: known.id, counter: known.counter },
    data: { counter: newCounter, is_backed_up: credentialBackedUp, last_used_at: app.now() },
  });
  return count === 0 ? null : known.user_id;
}

/** The checker throws for what a stranger can send wrong. What our own database throws is none of that. */
function asUnverified(error: unknown): VerifiedAuthenticationResponse | null {
  if (error instanceof Error && error.name.startsWith("Prisma")) throw error;
  return null;
}

interface NewPasskey {
  name: string;
  credential: Attestation;
}

async function addPasskey(
  app: PeopleApp,
  ctx: Ctx,
  party: RelyingParty,
  use: ChallengeUse & { kind: "add" },
  { name, credential: shown }: NewPasskey,
): Promise<string> {
  const checked = await verifyRegistrationResponse({
    response: shown as Parameters<typeof verifyRegistrationResponse>[0]["response"],
    expectedChallenge: (challenge) => takeChallenge(app, ctx.context.secret, use, challenge),
    expectedOrigin: party.origin,
    expectedRPID: party.id,
    requireUserVerification: true,
    supportedAlgorithmIDs: ALGORITHMS,
  }).catch((error: unknown) => {
    asUnverified(error);
    return null;
  });
  if (!checked?.verified) throw notAdded();
  const { credential, credentialBackedUp } = checked.registrationInfo;
  // Several may have been begun before one was added.
  if ((await app.db.passkey.count({ where: { user_id: use.userId } })) >= MAX_PASSKEYS) throw tooMany();
  const now = app.now();
  const id = newId("passkey", now.getTime());
  const { count } = await app.db.passkey.createMany({
    data: {
      id,
      user_id: use.userId,
      credential_id: credential.id,
      public_key: credential.publicKey,
      counter: credential.counter,
      transports: shown.response.transports,
      is_backed_up: credentialBackedUp,
      name,
      created_at: now,
    },
    skipDuplicates: true,
  });
  if (count === 0) throw notAdded();
  await recordOfPerson(app, use.userId, { action: "create", of: ["passkey", id], after: { name } });
  return id;
}
