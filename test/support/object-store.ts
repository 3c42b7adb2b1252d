// A real store that speaks S3 on loopback. It checks signatures, and keeps objects as files. A test may look at each
// request, and have its answer lost.
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import S3rver from "@20minutes/s3rver";

/** The one account that the store knows. */
export const STORE_AUTH = { access_key_id: "S3RVER", secret_access_key: "S3RVER" };
export const BUCKET = "archive";
const SUFFIX = "._S3rver_object";

/** `unanswered`: the object is written, and the connection breaks before the answer. A number: this status, and nothing is written. */
type Fault = "unanswered" | number | undefined;

export interface TestStore {
  endpoint: string;
  /** The config of a destination that writes here. */
  config: { bucket: string; endpoint: string; auth: typeof STORE_AUTH };
  /** One for each request that came, `PUT /archive/a.json`. */
  requests: string[];
  /** The objects by name. */
  objects(): Promise<Map<string, Buffer>>;
  contentTypeOf(key: string): Promise<string>;
  [Symbol.asyncDispose](): Promise<void>;
}

export async function startObjectStore(
  fault: (request: IncomingMessage, index: number) => Fault | Promise<Fault> = () => undefined,
): Promise<TestStore> {
  const directory = await mkdtemp(join(tmpdir(), "store-"));
  const store = new S3rver({ directory, silent: true, configureBuckets: [{ name: BUCKET, configs: [] }] });
  await store.configureBuckets();
  const answer = store.callback();
  const requests: string[] = [];
  const server = createServer(async (request, response) => {
    const index = requests.push(`${request.method} ${new URL(request.url ?? "/", "http://store").pathname}`) - 1;
    const chosen = await fault(request, index);
    if (typeof chosen === "number") {
      request.resume().on("end", () => response.writeHead(chosen).end());
      return;
    }
    if (chosen === "unanswered") response.writeHead = () => response.destroy();
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const root = join(directory, BUCKET);

  return {
    endpoint,
    config: { bucket: BUCKET, endpoint, auth: STORE_AUTH },
    requests,
    async objects() {
      const found = await readdir(root, { recursive: true, withFileTypes: true });
      const files = found.filter((entry) => entry.isFile() && entry.name.endsWith(SUFFIX));
      const paths = files.map((entry) => join(entry.parentPath, entry.name));
      return new Map(
        await Promise.all(
          paths.map(async (path) => [relative(root, path).slice(0, -SUFFIX.length), await readFile(path)] as const),
        ),
      );
    },
    async contentTypeOf(key) {
      const metadata = JSON.parse(await readFile(join(root, `${key}._S3rver_metadata.json`), "utf8"));
      return metadata["content-type"];
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(directory, { recursive: true });
    },
  };
}
