// Providers that send a shared token as it is: in a header, in the query of the URL, or in the body.
import type { z } from "zod";
import { outlineJson, wantedAt } from "#server/json/json-outline.ts";
import { field } from "./body-fields.ts";
import { isForm, readForm } from "./form-body.ts";
import type { Inbound } from "./inbound.ts";
import type { Proof, ProvedParts, ProviderProof, SecretRotation } from "./provider.ts";
import { sentSecretProblems } from "./secret-problem.ts";
import { SecretsAlone } from "./settings.ts";
import { inHeader, makeEqualityCheck, type SecretPlace } from "./shared-secret.ts";

type TokenProof = ProviderProof<typeof SecretsAlone> & { hmac: null };

interface TokenTold {
  about: string;
  headers?: readonly string[];
  made?: SecretRotation["made"];
  maskedPaths?: readonly string[];
  secretParameters?: readonly string[];
}

/** A token at a place of the provider's own. */
export function tokenAt(place: SecretPlace, told: TokenTold, prove: (draft: Inbound) => Proof): TokenProof {
  const { about, headers = [], made = "token", maskedPaths = [], secretParameters = [] } = told;
  return {
    headers,
    hmac: null,
    isOverSenderAlone: true,
    about,
    maskedPaths,
    secretParameters,
    settings: SecretsAlone,
    rotation: { field: "secret", previous: "previous_secret", made },
    makeCheck: ({ secret, previous_secret, ended_secret }: z.output<typeof SecretsAlone>) =>
      makeEqualityCheck(place, { secret, previousSecret: previous_secret ?? null, endedSecret: ended_secret }),
    prove: (_settings, draft) => prove(draft),
    problems: ({ secret, previous_secret }) => sentSecretProblems({ secret, previous_secret }),
    secretHeaders: () => headers,
  };
}

/**
 * @param header where the token stands alone, or behind `prefix`; lower case
 * @param told.made null where the provider makes the token
 */
export function sharedToken(header: string, told: { prefix?: string; made?: SecretRotation["made"] } = {}): TokenProof {
  const { prefix = "" } = told;
  const place = inHeader(header, (value) =>
    value.startsWith(prefix) ? Buffer.from(value.slice(prefix.length), "latin1") : null,
  );
  return tokenAt(place, { ...told, headers: [header], about: "a token in a header, checked by equality" }, () => ({
    kind: "token",
    header,
    prefix,
  }));
}

/** The token stands in the query of the URL that the provider was given. */
export function tokenInQuery(name: string, made: SecretRotation["made"] = "token"): TokenProof {
  const place: SecretPlace = {
    words: `The query parameter ${name}`,
    values: ({ urls: [url = ""] }) => {
      const queryAt = url.indexOf("?");
      const values = queryAt < 0 ? [] : new URLSearchParams(url.slice(queryAt)).getAll(name);
      return values.map((value) => Buffer.from(value, "utf8"));
    },
  };
  return tokenAt(
    place,
    { about: "a token in the URL, checked by equality", made, secretParameters: [name] },
    (draft) => ({
      kind: "written",
      write(secret) {
        const url = new URL(draft.urls[0] ?? "");
        url.searchParams.set(name, secret);
        return { ...partsOf(draft), url: url.href };
      },
    }),
  );
}

/** The token is a field of the body: a member of its JSON, or one of a form. */
export function tokenInBody(name: string, made: SecretRotation["made"] = null): TokenProof {
  const wanted = wantedAt([name]);
  const place: SecretPlace = {
    words: `The field ${name} of the body`,
    values: (inbound) => {
      const value = isForm(inbound)
        ? readForm(inbound.body)?.get(name)
        : field(outlineJson(inbound.body, wanted), name);
      return typeof value === "string" ? [Buffer.from(value, "utf8")] : [];
    },
  };
  return tokenAt(
    place,
    { about: "a token in the body, checked by equality", made, maskedPaths: [`body.${name}`] },
    (draft) => ({
      kind: "written",
      write: (secret) => ({ ...partsOf(draft), body: withField(draft, name, secret) }),
    }),
  );
}

const partsOf = ({ urls, headers, body }: Inbound): ProvedParts => ({ url: urls[0] ?? "", headers, body });
function withField(draft: Inbound, name: string, secret: string): Buffer {
  const text = draft.body.toString("utf8");
  if (!isForm(draft)) return Buffer.from(JSON.stringify({ ...JSON.parse(text), [name]: secret }));
  const form = new URLSearchParams(`&${text}`);
  form.set(name, secret);
  return Buffer.from(form.toString());
}
