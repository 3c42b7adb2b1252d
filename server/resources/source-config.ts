// A source's config as it is saved: the preset of its type, then the current config, then the fields that were sent.
import { PROVIDERS } from "#server/contracts/provider.ts";
import { SourceAuthType, SourceConfig, type SourceType } from "#server/contracts/source.ts";
import { fieldIssues, parseInput, unprocessable, wrongField } from "#server/errors/field-issues.ts";
import { authSchemes } from "#server/providers/auth-schemes.ts";
import { providerOfType } from "#server/providers/list.ts";
import { presetFor } from "#server/providers/preset.ts";
import { type Auth, mergeAuth } from "./secret-fields.ts";

type Sent = { [K in keyof SourceConfig]?: SourceConfig[K] | undefined };

const present = <T extends object>(fields: T) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<T>;

/**
 * A provider's source has its URL before it has a secret, since many providers make the secret when they are given the URL.
 * Until then the door refuses everything that comes to it.
 */
const isWithoutSecret = ({ auth_type, auth }: SourceConfig) =>
  Object.hasOwn(PROVIDERS, auth_type) && Object.keys(auth).length === 0;

const withoutEnded = ({ ended_secret: _, ...auth }: Auth): Auth => auth;

/**
 * The auth with the secret that this change ends, so that the owner is told of senders that still use it.
 *
 * @param before the saved auth, where it is of the same type
 */
function withEnded(auth: Auth, before: Auth, authType: SourceConfig["auth_type"]): Auth {
  const kept = [auth.secret, auth.previous_secret];
  const ended = [before.previous_secret, before.secret].find((secret) => secret && !kept.includes(secret));
  const endedSecret = ended ?? before.ended_secret;
  if (!endedSecret || kept.includes(endedSecret)) return auth;
  const noted = { ...auth, ended_secret: endedSecret };
  return authSchemes[authType].settings.safeParse(noted).success ? noted : auth;
}

/** @param current the saved config: its own fields are not checked again */
function checkAuth(config: SourceConfig, current: SourceConfig): Auth {
  const { auth_type: authType, auth } = config;
  if (authType === "NONE" && Object.keys(auth).length > 0) {
    throw wrongField(
      "config.auth_type",
      "Give auth_type beside auth, such as HMAC: it says what the fields of auth mean.",
    );
  }
  if (isWithoutSecret(config)) return {};
  const scheme = authSchemes[authType];
  const result = scheme.settings.safeParse(auth);
  if (result.success) {
    const saved = authType === current.auth_type ? current.auth : {};
    const isNew = (field: string) => auth[field] !== saved[field];
    const problems = scheme.problems(result.data).filter(({ field }) => isNew(field));
    if (problems.length === 0) return result.data as Auth;
    throw unprocessable(problems.map(({ field, message }) => ({ path: `config.auth.${field}`, message })));
  }
  const issues = fieldIssues(result.error, ["config", "auth"]).map((issue) =>
    issue.path === "config.auth.secret" && auth.secret === undefined
      ? {
          ...issue,
          message: `Give the secret that the producer signs with, or set config.auth_type to NONE until you have it.`,
        }
      : issue,
  );
  throw unprocessable(issues);
}

/** The masks and, for a proof that a provider sends in the body, its place. Any type of source may have any proof. */
const withMasksOf = (authType: SourceConfig["auth_type"], masks: readonly string[]) => [
  ...new Set([...masks, ...(providerOfType(authType)?.maskedPaths ?? [])]),
];

/** The config of a source of this type where its owner sets nothing but, at most, its auth type. */
export function sourceDefaults(type: SourceType, authType: string | undefined): SourceConfig {
  const preset = presetFor(type);
  const known = SourceAuthType.safeParse(authType);
  if (!known.success || known.data === preset.auth_type) return preset;
  return { ...preset, auth_type: known.data, masked_paths: withMasksOf(known.data, preset.masked_paths) };
}

/** @throws AppError UNPROCESSABLE with paths that begin with `config.` */
export function mergeSourceConfig(current: SourceConfig, sent: Sent): SourceConfig {
  const { auth: sentAuth = {}, ...fields } = present(sent);
  const { auth_type = current.auth_type } = fields;
  const isSameType = auth_type === current.auth_type;
  // Which secret has ended is noted here alone, whatever is sent.
  const auth = mergeAuth(withoutEnded(current.auth), withoutEnded(sentAuth), isSameType);
  const masked_paths =
    fields.masked_paths ?? (isSameType ? current.masked_paths : withMasksOf(auth_type, current.masked_paths));
  const config = parseInput(SourceConfig, { ...current, ...fields, masked_paths, auth }, ["config"]);
  const checked = checkAuth(config, current);
  return { ...config, auth: withEnded(checked, isSameType ? current.auth : {}, config.auth_type) };
}

export const newSourceConfig = (type: SourceType, sent: Sent): SourceConfig => mergeSourceConfig(presetFor(type), sent);

/**
 * A new type brings its preset for what depends on the provider; a secret stays only where the scheme stays, and an answer of
 * the owner's own before the provider's.
 */
export function retypeSourceConfig(current: SourceConfig, type: SourceType): SourceConfig {
  const preset = presetFor(type);
  const { auth_type, allowed_http_methods, deduplicate_provider_events } = preset;
  return {
    ...current,
    auth_type,
    auth: auth_type === current.auth_type ? current.auth : {},
    allowed_http_methods,
    custom_response: current.custom_response ?? preset.custom_response,
    deduplicate_provider_events,
    masked_paths: withMasksOf(auth_type, current.masked_paths),
  };
}
