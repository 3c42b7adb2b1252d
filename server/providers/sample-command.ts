// The example that an owner copies: a shell command that signs a sample with the secret out of a variable and sends it. No
// secret stands in it. Names and headers are the owner's to choose, so everything is quoted for the shell.
import type { HmacProof } from "./hmac-proof.ts";
import type { Encoding } from "./hmac-scheme.ts";
import type { KeyFormat } from "./key-format.ts";
import { makeSample, type SampleSource, type UnprovedSample } from "./sample.ts";

/** The variable that the command takes the secret from. */
const SECRET_VARIABLE = "SOURCE_SECRET";

/** A time that stands for the present: it is found again wherever a provider writes it, and becomes the shell's own. */
const AT_MS = 1_700_000_000_000;
const DIGEST = "{digest}";
const PRESENT: [text: string, variable: string][] = [
  [String(AT_MS), '"$t"000'],
  [new Date(AT_MS).toISOString(), '"$iso"'],
  [String(AT_MS / 1000), '"$t"'],
];

/** A text as one word of the shell. What stands in `variables` is put in by it; all else is taken as it is. */
function word(text: string, variables: readonly [text: string, variable: string][] = PRESENT): string {
  for (const [known, variable] of variables) {
    const at = text.indexOf(known);
    if (at < 0) continue;
    return word(text.slice(0, at), variables) + variable + word(text.slice(at + known.length), variables);
  }
  return text === "" ? "" : `'${text.replaceAll("'", `'\\''`)}'`;
}

const KEY = `"$${SECRET_VARIABLE}"`;
const ENCODED: Record<Encoding, string> = {
  hex: "od -An -v -tx1 | tr -d ' \\n'",
  base64: "openssl base64 -A",
  base64url: "openssl base64 -A | tr '+/' '-_' | tr -d =",
};

function digestLines({ algorithm, encoding, key, parts }: HmacProof, body: string): string[] {
  const message = parts.map((part) => (typeof part === "string" ? part : part.toString("utf8"))).join("");
  const signed = word(message, [[body, '"$body"'], ...PRESENT]);
  const hmac = `openssl dgst -${algorithm}`;
  const sign = (keyed: string) => `sig=$(printf %s ${signed} | ${hmac} ${keyed} -binary | ${ENCODED[encoding]})`;
  if (!key) return [sign(`-hmac ${KEY}`)];
  return [`key=$(${KEY_BYTES[key.encoding](key.prefix ?? "")})`, sign('-mac HMAC -macopt hexkey:"$key"')];
}

/** What prints the key in hex. */
const KEY_BYTES: Record<KeyFormat["encoding"], (prefix: string) => string> = {
  base64: (prefix) =>
    `printf %s "\${${SECRET_VARIABLE}#${prefix}}" | tr '_-' '/+' | openssl base64 -d -A | ${ENCODED.hex}`,
  hex: (prefix) => `printf %s "\${${SECRET_VARIABLE}#${prefix}}"`,
  sha1: () => `printf %s ${KEY} | openssl dgst -sha1 -binary | ${ENCODED.hex}`,
};

/** The lines before the call, and the arguments of curl by which the sender proves itself. */
function proofParts({ proof, body }: UnprovedSample): { lines: string[]; args: string[] } {
  if (proof?.kind === "token")
    return { lines: [], args: [`-H ${word(`${proof.header}: ${proof.prefix ?? ""}`)}${KEY}`] };
  if (proof?.kind === "basic") return { lines: [], args: [`-u ${word(`${proof.username}:`)}${KEY}`] };
  if (proof?.kind !== "hmac") return { lines: [], args: [] };
  const signature = word(`${proof.header}: ${proof.value(DIGEST)}`, [[DIGEST, '"$sig"'], ...PRESENT]);
  return {
    lines: digestLines(proof, body.toString("utf8")),
    args: [...proof.headers.map(([name, value]) => `-H ${word(`${name}: ${value}`)}`), `-H ${signature}`],
  };
}

export interface SampleCommand {
  text: string;
  /** The variable that has to hold the secret; null where none is sent or signed with. */
  secretVariable: string | null;
}

/** Null where only the provider can sign, or the source's auth is incomplete. */
export function sampleCommand(source: SampleSource): SampleCommand | null {
  const sample = makeSample(source, `test_${AT_MS / 1000}`, AT_MS);
  if (!sample?.proof || sample.proof.kind === "written") return null;
  const { lines, args } = proofParts(sample);
  const headers = sample.headers.map(([name, value]) => `-H ${word(`${name}: ${value}`)}`);
  const call = [`curl -X ${sample.method} ${word(sample.url)}`, ...headers, ...args, '--data-binary "$body"'];
  const all = [`body=${word(sample.body.toString("utf8"))}`, ...lines, call.join(" \\\n  ")].join("\n");
  const now = [
    ...(all.includes("$t") ? ["t=$(date +%s)"] : []),
    ...(all.includes("$iso") ? ["iso=$(date -u +%Y-%m-%dT%H:%M:%SZ)"] : []),
  ];
  return {
    text: [...now, all].join("\n"),
    secretVariable: sample.proof.kind === "none" ? null : SECRET_VARIABLE,
  };
}
