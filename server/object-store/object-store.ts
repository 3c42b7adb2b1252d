// A bucket of a store that speaks S3. The SDK writes and signs each request; the egress sends it, so a bucket's endpoint
// reaches nothing that a destination may not. The SDK is loaded by the first request: it takes some 35 MB, and most
// processes never need it.
import type { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import type { HeaderList } from "#server/contracts/header-list.ts";
import { MASK } from "#server/contracts/mask.ts";
import { S3Auth, type S3DestinationConfig } from "#server/contracts/s3-destination.ts";
import type { AddressPolicy } from "#server/egress/address-policy.ts";
import type { Egress, SendOutcome } from "#server/egress/client.ts";
import { checkUrl, type UrlVerdict } from "#server/egress/url-policy.ts";

export interface StoreTools {
  egress: Pick<Egress, "send">;
  /** The addresses that the team may reach. */
  policy: AddressPolicy;
  teamId: string;
  signal?: AbortSignal;
}

export interface StoredObject {
  key: string;
  bytes: Buffer;
  contentType: string;
  /** Values of ASCII. */
  metadata: Record<string, string>;
}

/** One request as it is recorded, without its signature, and its outcome. */
export interface StoreCall {
  requestedUrl: string;
  method: string;
  headers: HeaderList;
  outcome: SendOutcome;
}

export interface ObjectStore {
  /** Writes an object, over one of the same name. Never rejects for what the network or the store does. */
  put(object: StoredObject, onSent?: () => void): Promise<StoreCall>;
  remove(key: string): Promise<StoreCall>;
  /** Asks for an object that is not there: the error says whether the bucket is, and whether the key is taken. */
  look(): Promise<StoreCall>;
}

export type StoreSettings = Pick<
  S3DestinationConfig,
  "bucket" | "region" | "endpoint" | "is_path_style" | "auth" | "timeout_ms"
>;

type Sdk = typeof import("@aws-sdk/client-s3");

const ABSENT_KEY = "switchyard-looks-whether-the-bucket-is-there";

/** Both are proof of identity; the store's own headers are evidence. */
const SECRET_HEADERS = new Set(["authorization", "x-amz-security-token"]);

const endpointOf = ({ endpoint, region }: Pick<StoreSettings, "endpoint" | "region">): string =>
  endpoint ?? `https://s3.${region}.amazonaws.com`;

/** The address of an object without its signature, for an attempt whose request was never made. */
export const plainObjectUrl = (settings: StoreSettings, key = ""): string =>
  `${String(endpointOf(settings)).replace(/[?#].*$/s, "")}/${settings.bucket}${key === "" ? "" : `/${key}`}`;

export function makeObjectStore(settings: StoreSettings, tools: StoreTools): ObjectStore {
  const endpoint = checkUrl(endpointOf(settings), tools.policy);
  let loaded: Promise<{ sdk: Sdk; client: S3Client }> | undefined;
  const load = () => {
    loaded ??= import("@aws-sdk/client-s3").then((sdk) => ({ sdk, client: makeClient(sdk, settings, endpoint) }));
    return loaded;
  };
  return {
    async put({ key, bytes, contentType, metadata }, onSent) {
      if (endpoint.kind === "refused") return refused(settings, key, "PUT", endpoint.code);
      const { sdk, client } = await load();
      const object = { Bucket: settings.bucket, Key: key, Body: bytes, ContentType: contentType, Metadata: metadata };
      return call(client, new sdk.PutObjectCommand(object), { ...tools, timeoutMs: settings.timeout_ms, onSent });
    },
    async remove(key) {
      if (endpoint.kind === "refused") return refused(settings, key, "DELETE", endpoint.code);
      const { sdk, client } = await load();
      const command = new sdk.DeleteObjectCommand({ Bucket: settings.bucket, Key: key });
      return call(client, command as unknown as PutObjectCommand, {
        ...tools,
        timeoutMs: settings.timeout_ms,
        onSent: undefined,
      });
    },
    async look() {
      if (endpoint.kind === "refused") return refused(settings, "", "GET", endpoint.code);
      const { sdk, client } = await load();
      const command = new sdk.GetObjectCommand({ Bucket: settings.bucket, Key: ABSENT_KEY });
      return call(client, command as unknown as PutObjectCommand, {
        ...tools,
        timeoutMs: settings.timeout_ms,
        onSent: undefined,
      });
    },
  };
}

const refused = (
  settings: StoreSettings,
  key: string,
  method: string,
  code: "INVALID_URL" | "BLOCKED_ADDRESS",
): StoreCall => ({
  requestedUrl: plainObjectUrl(settings, key),
  method,
  headers: [],
  outcome: { kind: "error", code, seen: null, latencyMs: 0, phases: null },
});

/** Everything is said here, so that neither environment nor files of this machine have a say. */
function makeClient({ S3Client }: Sdk, settings: StoreSettings, endpoint: UrlVerdict): S3Client {
  const { access_key_id: accessKeyId, secret_access_key: secretAccessKey } = S3Auth.parse(settings.auth);
  return new S3Client({
    region: settings.region,
    endpoint: endpoint.kind === "ok" ? endpoint.url.href : endpointOf(settings),
    forcePathStyle: settings.endpoint !== null && settings.is_path_style,
    credentials: { accessKeyId, secretAccessKey },
    // The retry policy of the event decides, and each try is an attempt.
    maxAttempts: 1,
    retryMode: "standard",
    defaultsMode: "standard",
    useFipsEndpoint: false,
    useDualstackEndpoint: false,
    useArnRegion: false,
    disableMultiregionAccessPoints: true,
    disableS3ExpressSessionAuth: true,
    followRegionRedirects: false,
    // The signature covers the bytes. Many stores know no other checksum.
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
    customUserAgent: [],
  });
}

interface CallTools extends StoreTools {
  timeoutMs: number;
  onSent: (() => void) | undefined;
}

interface SignedRequest {
  method: string;
  protocol: string;
  hostname: string;
  port?: number;
  path: string;
  query: Record<string, string | string[] | null>;
  headers: Record<string, string>;
  body?: Uint8Array | string;
}

/**
 * Lets the SDK sign the command, and sends it in the place of the SDK's own way out.
 * @param command of any kind: they differ in nothing that matters here
 */
async function call(client: S3Client, command: PutObjectCommand, tools: CallTools): Promise<StoreCall> {
  let made: StoreCall | undefined;
  command.middlewareStack.add(
    () => async (args) => {
      made = await send(args.request as SignedRequest, tools);
      const { outcome } = made;
      if (outcome.kind === "error") throw new Error(outcome.code);
      // A copy: the SDK makes what it is given into a type of its own.
      const response = { statusCode: outcome.status, headers: {}, body: new Uint8Array(outcome.body) };
      return { response, output: { $metadata: {} } };
    },
    { step: "deserialize", priority: "low", name: "sendByEgress" },
  );
  try {
    await client.send(command);
  } catch (error) {
    // What the store has refused is evidence, not an exception.
    if (!made) throw error;
  }
  if (!made) throw new Error("The SDK has answered without sending its request.");
  return made;
}

async function send(request: SignedRequest, tools: CallTools): Promise<StoreCall> {
  const { method, body } = request;
  const url = urlOf(request);
  const headers = Object.entries(request.headers).map(([name, value]): [string, string] => [
    name,
    // Not signed, and it would tell the store of this machine.
    name.toLowerCase() === "user-agent" ? "switchyard" : value,
  ]);
  const outcome = await tools.egress.send({
    teamId: tools.teamId,
    url,
    method,
    headers,
    body: body === undefined || body.length === 0 ? null : Buffer.from(body),
    timeoutMs: tools.timeoutMs,
    ...(tools.signal && { signal: tools.signal }),
    ...(tools.onSent && { onSent: tools.onSent }),
  });
  const masked = headers.map(([name, value]): [string, string] => [
    name,
    SECRET_HEADERS.has(name.toLowerCase()) ? MASK : value,
  ]);
  return { requestedUrl: `${url.origin}${url.pathname}`, method, headers: masked, outcome };
}

function urlOf({ protocol, hostname, port, path, query }: SignedRequest): URL {
  const url = new URL(`${protocol}//${hostname}${port === undefined ? "" : `:${port}`}${path}`);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, String(value ?? ""));
  return url;
}
