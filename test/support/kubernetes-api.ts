// An API server of Kubernetes for tests, over real HTTP: lists in pages, watches with bookmarks that go on from a version, conflicts (409),
// forgotten versions (410), the status as a subresource, merge patches, finalizers, the definition's schema, and the rights of the
// manifests. It is no Kubernetes: what it does was compared with a kube-apiserver by running the same tests against one.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { json as jsonOf } from "node:stream/consumers";
import { KubeConfig } from "@kubernetes/client-node";
import { type Asked, makeMayController } from "./kubernetes-roles.ts";
import { type Change, KubernetesStore, Refusal, type StoredObject } from "./kubernetes-store.ts";

export interface TestCluster extends AsyncDisposable {
  /** Who may do everything. */
  admin: KubeConfig;
  /** Who has the rights of the manifests. */
  controller: KubeConfig;
  /** Two namespaces that let the controller read their Secrets. */
  namespace: string;
  secondNamespace: string;
  /** One that does not. */
  foreignNamespace: string;
  /** The calls of the controller that the manifests did not allow. */
  forbidden: string[];
  /** Each kind of call that the controller has made. */
  used: Set<string>;
  /** Cuts the watches that are open. */
  breakWatches(): void;
  /** Forgets all versions until now, so that no watch can go on from them. */
  compact(): void;
  /** How many watches are open. */
  watches(): number;
}

const TOKENS = { admin: "token-of-the-admin", controller: "token-of-the-controller" };

function configFor(server: string, user: keyof typeof TOKENS): KubeConfig {
  const config = new KubeConfig();
  config.loadFromOptions({
    clusters: [{ name: "test", server, skipTLSVerify: true }],
    users: [{ name: user, token: TOKENS[user] }],
    contexts: [{ name: "test", cluster: "test", user }],
    currentContext: "test",
  });
  return config;
}

const PATH =
  /^\/(?:api|apis\/(?<group>[^/]+))\/v1(?:\/namespaces\/(?<namespace>[^/]+))?\/(?<resource>[a-z]+)(?:\/(?<name>[^/]+))?(?:\/(?<sub>status))?$/;
const VERBS: Record<string, string> = { POST: "create", PUT: "update", PATCH: "patch", DELETE: "delete" };

interface Call extends Asked {
  isStatus: boolean;
  kind: string;
  query: URLSearchParams;
}

function readCall({ method = "", url = "" }: IncomingMessage): Call {
  const { pathname, searchParams: query } = new URL(url, "http://cluster");
  const groups = PATH.exec(pathname)?.groups;
  if (!groups) throw new Refusal(404, "NotFound", "the server could not find the requested resource");
  const { group = "", namespace = "", name = "", sub } = groups;
  const reading = query.get("watch") === "true" ? "watch" : name === "" ? "list" : "get";
  const kind = groups.resource ?? "";
  return {
    group,
    kind,
    resource: sub ? `${kind}/${sub}` : kind,
    namespace,
    name,
    verb: method === "GET" ? reading : (VERBS[method] ?? method),
    isStatus: sub !== undefined,
    query,
  };
}

/** A page of a list, whose mark is the number of objects before the next one. */
function pageOf(store: KubernetesStore, { kind, namespace, query }: Call): object {
  const all = store.list(kind, namespace);
  const from = Number(query.get("continue") ?? 0);
  const limit = Number(query.get("limit") ?? all.length);
  const hasMore = from + limit < all.length;
  const metadata = { resourceVersion: String(store.version), ...(hasMore && { continue: String(from + limit) }) };
  return { apiVersion: "v1", kind: "List", metadata, items: all.slice(from, from + limit) };
}

async function answer(store: KubernetesStore, call: Call, request: IncomingMessage): Promise<[number, object]> {
  const { kind: resource, namespace, name, isStatus } = call;
  const place = { resource, namespace, name };
  if (call.verb === "list") return [200, pageOf(store, call)];
  if (call.verb === "get") return [200, store.get(place)];
  if (call.verb === "delete") return [200, store.delete(place)];
  const body = (await jsonOf(request)) as StoredObject;
  if (call.verb === "create") return [201, store.create(place, body)];
  if (call.verb === "update") return [200, store.change(place, isStatus, () => body)];
  if (request.headers["content-type"] !== "application/merge-patch+json")
    throw new Refusal(415, "UnsupportedMediaType", "the body of the request was in an unknown format");
  return [200, store.patch(place, isStatus, body)];
}

const send = (response: ServerResponse, code: number, body: object) => {
  response.writeHead(code, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
};

const refusalOf = ({ code, reason, message }: Refusal) => ({
  kind: "Status",
  apiVersion: "v1",
  status: "Failure",
  code,
  reason,
  message,
});

class Watches {
  readonly #open = new Map<ServerResponse, (change: Change) => void>();
  readonly #store: KubernetesStore;

  constructor(store: KubernetesStore) {
    this.#store = store;
    store.onChange = (change) => {
      for (const tell of this.#open.values()) tell(change);
    };
  }

  get size(): number {
    return this.#open.size;
  }

  open({ kind, namespace, query }: Call, response: ServerResponse): void {
    const line = (type: string, object: object) => response.write(`${JSON.stringify({ type, object })}\n`);
    const tell = ({ type, resource, object }: Change) => {
      if (resource === kind && (namespace === "" || namespace === object.metadata.namespace)) line(type, object);
    };
    response.writeHead(200, { "content-type": "application/json" });
    try {
      for (const change of this.#store.since(Number(query.get("resourceVersion")))) tell(change);
    } catch (error) {
      // As a kube-apiserver does: the watch begins, tells the error, and ends.
      line("ERROR", refusalOf(error as Refusal));
      response.end();
      return;
    }
    if (query.get("allowWatchBookmarks") === "true")
      line("BOOKMARK", { kind: "DeliveryFlow", metadata: { resourceVersion: String(this.#store.version) } });
    this.#open.set(response, tell);
    response.on("close", () => this.#open.delete(response));
  }

  cut(): void {
    for (const response of this.#open.keys()) response.destroy();
  }
}

/** Listens on a free port of the loopback. */
export async function startCluster(): Promise<TestCluster> {
  const store = new KubernetesStore();
  const watches = new Watches(store);
  const [namespace, secondNamespace, foreignNamespace] = ["shop", "branch", "elsewhere"];
  const may = makeMayController([namespace, secondNamespace]);
  const [forbidden, used] = [[] as string[], new Set<string>()];

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const call = readCall(request);
    const token = request.headers.authorization?.replace("Bearer ", "");
    if (token !== TOKENS.admin) {
      if (token !== TOKENS.controller) throw new Refusal(401, "Unauthorized", "Unauthorized");
      const asked = `${call.verb} ${call.resource}`;
      used.add(asked);
      if (!may(call)) {
        forbidden.push(`${asked} in ${call.namespace}`);
        throw new Refusal(403, "Forbidden", `${call.resource} is forbidden: cannot ${call.verb} it`);
      }
    }
    if (call.verb === "watch") return watches.open(call, response);
    const [code, body] = await answer(store, call, request);
    send(response, code, body);
  }

  const server = createServer((request, response) => {
    handle(request, response).catch((error) => {
      const refusal = error instanceof Refusal ? error : new Refusal(500, "InternalError", String(error));
      send(response, refusal.code, refusalOf(refusal));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    admin: configFor(url, "admin"),
    controller: configFor(url, "controller"),
    namespace,
    secondNamespace,
    foreignNamespace,
    forbidden,
    used,
    breakWatches: () => watches.cut(),
    compact: () => store.compact(),
    watches: () => watches.size,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
