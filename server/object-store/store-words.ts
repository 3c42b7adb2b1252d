// The meaning of a store's refusal, as a sentence that names the field and the remedy. Pure. Of the answer only its known codes
// and a region are repeated.
import type { ErrorCode } from "#server/contracts/attempt.ts";
import type { HeaderList } from "#server/contracts/header-list.ts";

interface StoreAnswer {
  status: number | null;
  headers: HeaderList | null;
  /** Text of XML. */
  body: string | null;
  errorCode: ErrorCode | null;
}

const WRONG_REGION = new Set([
  "AuthorizationHeaderMalformed",
  "PermanentRedirect",
  "TemporaryRedirect",
  "IllegalLocationConstraintException",
]);

const BY_CODE: Readonly<Record<string, string>> = {
  NoSuchBucket: "The store has no bucket of this name: make it there, or correct config.bucket.",
  InvalidBucketName: "The store takes no bucket of this name: correct config.bucket.",
  InvalidAccessKeyId: "The store does not know this access key: correct config.auth.access_key_id.",
  SignatureDoesNotMatch: "The secret is not that of this access key: send config.auth.secret_access_key again.",
  AccessDenied: "This access key may not do this: allow it s3:PutObject on the bucket, or use another key.",
  AllAccessDisabled: "The store has shut this bucket: ask whoever owns it.",
  AccountProblem: "The store has a problem with the account: ask whoever owns it.",
  RequestTimeTooSkewed: "The clock of this machine is not that of the store: set it right.",
  SlowDown: "The store asks for fewer requests: set config.rate_limit, or write many events into one file.",
  EntityTooLarge: "The object is larger than the store takes: lower config.batch_bytes.",
  MethodNotAllowed: "The store does not take objects here: correct config.endpoint.",
  QuotaExceeded: "The store is full: raise its quota, or remove what is old.",
};

const BY_ERROR: { [C in ErrorCode]?: string } = {
  CONNECTION_REFUSED: "Nothing answers there: correct config.endpoint, or start the store.",
  CONNECTION_RESET: "The store broke the connection off: it may be http where it should be https.",
  DNS_LOOKUP_FAILED: "The name of the store is not known: correct config.endpoint or config.region.",
  TLS_ERROR: "The store's certificate is not trusted, or it speaks no TLS: correct config.endpoint.",
  TIMEOUT: "The store has not answered in time: raise config.timeout_ms, or look at the store.",
  BLOCKED_ADDRESS: "This address may not be reached. To permit it, name its range in EGRESS_ALLOW.",
  INVALID_URL: "This is no address of a store: correct config.endpoint.",
  PROTOCOL_ERROR: "What answers there does not speak HTTP: correct config.endpoint.",
};

const codeIn = (body: string | null) => /<Code>([A-Za-z0-9]{1,64})<\/Code>/.exec(body ?? "")?.[1];

function regionIn({ headers, body }: StoreAnswer): string | undefined {
  const named = headers?.find(([name]) => name.toLowerCase() === "x-amz-bucket-region")?.[1];
  const region = named ?? /<Region>([^<]*)<\/Region>/.exec(body ?? "")?.[1];
  return region !== undefined && /^[a-z0-9-]{1,64}$/.test(region) ? region : undefined;
}

/** The code of the refusal as the store names it; a status stands for it where the store says none. */
export function refusalOf({ status, body }: StoreAnswer): string | undefined {
  const code = codeIn(body);
  if (code !== undefined || status === null) return code;
  if (status === 301 || status === 307) return "PermanentRedirect";
  if (status === 404) return "NoSuchBucket";
  return status === 401 || status === 403 ? "AccessDenied" : undefined;
}

/** Null for what was written. */
export function storeSentence(answer: StoreAnswer): string | null {
  const { status, errorCode } = answer;
  if (errorCode === null) return null;
  if (errorCode !== "BAD_RESPONSE") return BY_ERROR[errorCode] ?? null;
  const code = refusalOf(answer);
  if (code !== undefined && WRONG_REGION.has(code)) {
    const region = regionIn(answer);
    return region === undefined
      ? "The bucket is in another region: correct config.region."
      : `The bucket is in the region ${region}: set config.region to it.`;
  }
  const known = code === undefined ? undefined : BY_CODE[code];
  if (known !== undefined) return known;
  if (status !== null && status >= 500) return "The store cannot take objects now: it is tried again.";
  return `The store refused the object with status ${status ?? "unknown"}: its answer says why.`;
}
