// The config of a destination of type HTTP as it is saved: the defaults, then the current config, then the fields that were
// sent.
import { DestinationAuth, HttpDestinationConfig } from "#server/contracts/destination.ts";
import { HOP_BY_HOP } from "#server/contracts/hop-by-hop.ts";
import type { AddressPolicy } from "#server/egress/address-policy.ts";
import { checkUrl } from "#server/egress/url-policy.ts";
import { fieldIssues, parseInput, unprocessable, wrongField } from "#server/errors/field-issues.ts";
import { headerKey, isOwnHeader } from "#server/wire/own-headers.ts";
import { type Auth, mergeAuth, newSigningSecret, unmaskValues } from "./secret-fields.ts";

type Sent = { [K in keyof HttpDestinationConfig]?: HttpDestinationConfig[K] | undefined };

/** Written by the sender itself: a custom value would break or forge the message. */
const MANAGED_HEADERS = new Set([...HOP_BY_HOP, "content-length", "expect", "host"]);

function headerProblem(name: string): string | null {
  const key = headerKey(name);
  if (MANAGED_HEADERS.has(key)) return `${name} is set by the connection itself: choose another header.`;
  if (isOwnHeader(key)) return `${name} is written by Switchyard: choose another header.`;
  return null;
}

function checkHeaders(headers: Record<string, string>): void {
  const issues = Object.keys(headers).flatMap((name) => {
    const path = `config.headers.${name}`;
    // A config is read in clear, so a credential belongs in a field that is sealed.
    if (/^(?:authorization|cookie)$/.test(headerKey(name))) {
      return [
        {
          path,
          message: `Put credentials into config.auth, where they are encrypted: auth_type BEARER_TOKEN, BASIC_AUTH or API_KEY.`,
        },
      ];
    }
    const message = headerProblem(name);
    return message ? [{ path, message }] : [];
  });
  if (issues.length > 0) throw unprocessable(issues);
}

function checkAuth({ auth_type: authType, auth }: HttpDestinationConfig): Auth {
  const result = DestinationAuth[authType].safeParse(auth);
  if (!result.success) throw unprocessable(fieldIssues(result.error, ["config", "auth"]));
  if ("header" in result.data) {
    const problem = headerProblem(result.data.header);
    if (problem) throw wrongField("config.auth.header", problem);
  }
  return result.data;
}

/** A path beside the secret one would be sent nowhere, and read by everybody. */
function refuseOpenPath({ url, auth_type: authType }: HttpDestinationConfig): void {
  if (authType !== "SECRET_PATH") return;
  const { pathname, search, hash } = new URL(url);
  if (pathname === "/" && search === "" && hash === "") return;
  throw wrongField(
    "config.url",
    "With auth_type SECRET_PATH the path is a secret: put it into config.auth.url_path, and give the host alone here, such as https://chat.example.com/.",
  );
}

/**
 * Merges `sent` into `current`. The URL is judged whenever it is sent, and again at each send.
 * @throws AppError UNPROCESSABLE with paths that begin with `config.`
 */
export function mergeHttpConfig(current: HttpDestinationConfig, sent: Sent, policy: AddressPolicy) {
  const { auth: sentAuth = {}, ...fields } = Object.fromEntries(
    Object.entries(sent).filter(([, value]) => value !== undefined),
  ) as Partial<HttpDestinationConfig>;
  if ((fields.url ?? current.url) === "") throw wrongField("config.url", "This field is required: give a string.");
  const isSameType = fields.auth_type === undefined || fields.auth_type === current.auth_type;
  const headers = fields.headers ? unmaskValues("config.headers", fields.headers, current.headers) : current.headers;
  const merged = { ...current, ...fields, headers, auth: mergeAuth(current.auth, sentAuth, isSameType) };
  const config = parseInput(HttpDestinationConfig, merged, ["config"]);
  if (fields.url !== undefined) {
    const verdict = checkUrl(fields.url, policy);
    if (verdict.kind === "refused") throw wrongField("config.url", verdict.message);
  }
  refuseOpenPath(config);
  checkHeaders(config.headers);
  const needsSecret = config.auth_type === "SWITCHYARD_SIGNATURE" && config.auth.signing_secret === undefined;
  if (needsSecret) config.auth = { ...config.auth, signing_secret: newSigningSecret() };
  return {
    config: { ...config, auth: checkAuth(config) },
    madeField: needsSecret ? "signing_secret" : undefined,
  };
}
