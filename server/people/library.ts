// The log-in library on our own tables. docs/decisions/024-people-and-sessions.md
import { prismaAdapter } from "better-auth/adapters/prisma";
import { betterAuth } from "better-auth/minimal";
import { twoFactor } from "better-auth/plugins/two-factor";
import type { App } from "#server/auth/ctx.ts";
import { relyingPartyOf } from "#server/auth/relying-party.ts";
import { MAX_PASSWORD_CHARS, MIN_PASSWORD_CHARS } from "#server/contracts/password-length.ts";
import { type IdKind, newId } from "#server/ids.ts";
import type { Log } from "#server/process/log.ts";
import { OWN_COOKIES } from "#server/wire/own-cookies.ts";
import { recordOfPerson } from "./account-audit.ts";
import { codesOnce } from "./codes-once.ts";
import { doors } from "./doors.ts";
import { passkeys } from "./passkeys.ts";
import { type ProviderDoor, providerDoors } from "./provider-doors.ts";
import type { SessionKey } from "./session-keys.ts";
import { signInLog } from "./sign-in-log.ts";

/** The life of a session, used or not. */
const SESSION_S = 14 * 24 * 60 * 60;
/** Codes are six digits: whoever has the password may be wrong so often, in a row. */
const MAX_WRONG_CODES = 5;
const LOCKED_S = 15 * 60;
/** Written by our own server alone; whatever a visitor sends under this name is left out. */
export const CALLER_HEADER = "x-switchyard-caller";

const dates = { createdAt: "created_at", updatedAt: "updated_at" };
/** The fields that the library names otherwise than the tables. */
const FIELDS = {
  user: { emailVerified: "email_verified", ...dates },
  session: {
    userId: "user_id",
    expiresAt: "expires_at",
    ipAddress: "ip_address",
    userAgent: "user_agent",
    ...dates,
  },
  account: {
    userId: "user_id",
    providerId: "provider_id",
    accountId: "account_id",
    accessToken: "access_token",
    refreshToken: "refresh_token",
    idToken: "id_token",
    accessTokenExpiresAt: "access_token_expires_at",
    refreshTokenExpiresAt: "refresh_token_expires_at",
    ...dates,
  },
  verification: { expiresAt: "expires_at", ...dates },
  twoFactor: {
    backupCodes: "backup_codes",
    userId: "user_id",
    failedVerificationCount: "failed_verification_count",
    lockedUntil: "locked_until",
  },
};

/** The library's word for a table, as `twoFactor`, in the spelling of the glossary of ids. */
const idKindOf = (model: string) => model.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`) as IdKind;

export interface LibraryOptions {
  app: Pick<App, "db" | "now" | "publicDashboardUrl">;
  /** The first signs cookies and encrypts, all decrypt. */
  keys: [SessionKey, ...SessionKey[]];
  log: Pick<Log, "error">;
  /** Undefined where the operator names no provider. */
  providerDoor?: ProviderDoor | undefined;
}

/** In this order: what takes a session back stands before what records that it was given. */
const pluginsOf = (app: LibraryOptions["app"], providerDoor: ProviderDoor | undefined) => [
  doors(app),
  codesOnce(app),
  providerDoors(app, providerDoor),
  passkeys(app, relyingPartyOf(app.publicDashboardUrl)),
  twoFactor({
    issuer: "Switchyard",
    accountLockout: { maxFailedAttempts: MAX_WRONG_CODES, durationSeconds: LOCKED_S },
    schema: {
      user: { fields: { twoFactorEnabled: "two_factor_enabled" } },
      twoFactor: { fields: FIELDS.twoFactor },
    },
  }),
  signInLog(app),
];

/** Origin, method and tries are judged before anything gets here; sessions are read from the database each time. */
export function makeLibrary({ app, keys, log, providerDoor }: LibraryOptions) {
  return betterAuth({
    appName: "Switchyard",
    secrets: keys,
    // What names no key was written before values did: with the secret that was the only one then.
    secret: keys.at(-1)?.value,
    database: prismaAdapter(app.db, { provider: "postgresql" }),
    telemetry: { enabled: false },
    rateLimit: { enabled: false },
    logger: { level: "error", log: (_level, message) => log.error({ from: "log-in library" }, message) },
    advanced: {
      cookiePrefix: OWN_COOKIES.slice(0, -1),
      // Which scheme the browser used is known per request: `secureCookies` adds the attribute.
      useSecureCookies: false,
      disableCSRFCheck: true,
      disableOriginCheck: true,
      ipAddress: { ipAddressHeaders: [CALLER_HEADER] },
      database: { generateId: ({ model }) => newId(idKindOf(model), app.now().getTime()) },
    },
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: MIN_PASSWORD_CHARS,
      maxPasswordLength: MAX_PASSWORD_CHARS,
    },
    // Of a person and of an account nothing else is updated here.
    databaseHooks: {
      user: {
        update: {
          after: (user) => recordOfPerson(app, user.id, { after: { second_factor: user.twoFactorEnabled === true } }),
        },
      },
      account: { update: { after: ({ userId }) => recordOfPerson(app, userId, { after: { password: "changed" } }) } },
    },
    user: { fields: FIELDS.user },
    session: { expiresIn: SESSION_S, disableSessionRefresh: true, fields: FIELDS.session },
    account: { encryptOAuthTokens: true, fields: FIELDS.account },
    verification: { fields: FIELDS.verification },
    plugins: pluginsOf(app, providerDoor),
  });
}

export type Library = ReturnType<typeof makeLibrary>;
