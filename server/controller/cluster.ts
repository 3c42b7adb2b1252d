// The calls of the Kubernetes API that the controller makes, and no others: the roles in manifests/ allow just these.
import {
  ApiException,
  CoordinationV1Api,
  CoreV1Api,
  CustomObjectsApi,
  EventsV1Api,
  type EventsV1Event,
  type KubeConfig,
  type KubernetesListObject,
  PatchStrategy,
  setHeaderMiddleware,
  type V1Lease,
  type V1Secret,
  Watch,
} from "@kubernetes/client-node";
import { type DeliveryFlow, type FlowStatus, GROUP, PLURAL, VERSION } from "./delivery-flow.ts";

const CALL_TIMEOUT_MS = 15_000;
/** A holder that cannot renew its Lease has to know before the next one takes it. */
const LEASE_TIMEOUT_MS = 3_000;
const PAGE = 200;
/** The server ends a watch after this, and the controller opens it again. */
const WATCH_SECONDS = 240;

/** An answer of the Kubernetes API that is none of 2xx. */
export const statusOf = (error: unknown): number | null =>
  error instanceof ApiException || isCoded(error) ? Number(codeOf(error)) || null : null;
const isCoded = (error: unknown): error is { statusCode: number } =>
  typeof error === "object" && error !== null && "statusCode" in error;
const codeOf = (error: ApiException<unknown> | { statusCode: number }) =>
  "statusCode" in error ? error.statusCode : error.code;

/** Of an error of the client, which quotes whole answers and headers, only what may be logged. */
export function sayClusterError(error: unknown): string {
  const status = statusOf(error);
  if (status === null) return error instanceof Error ? causeOf(error) : "the call failed";
  const { message } = (error instanceof ApiException ? parsed(error.body) : {}) as { message?: unknown };
  return typeof message === "string" ? `status ${status}: ${message.slice(0, 300)}` : `status ${status}`;
}
const causeOf = ({ message, cause }: Error): string => (cause instanceof Error ? cause.message : message).slice(0, 300);

function parsed(body: unknown): unknown {
  if (typeof body !== "string") return body ?? {};
  try {
    return JSON.parse(body) ?? {};
  } catch {
    return {};
  }
}

export interface WatchEvent {
  type: string;
  object: DeliveryFlow & { code?: number; message?: string };
}

export type Cluster = ReturnType<typeof connectCluster>;

/** @param onlyNamespace the one whose flows are followed; all of them where it is null */
export function connectCluster(config: KubeConfig, onlyNamespace: string | null) {
  const flows = config.makeApiClient(CustomObjectsApi);
  const core = config.makeApiClient(CoreV1Api);
  const leases = config.makeApiClient(CoordinationV1Api);
  const events = config.makeApiClient(EventsV1Api);
  const watching = new Watch(config);
  const of = (namespace: string, name: string) => ({ group: GROUP, version: VERSION, plural: PLURAL, namespace, name });

  return {
    /** One page of the flows, by the mark that the page before ended with. */
    async listFlows(mark?: string): Promise<KubernetesListObject<DeliveryFlow>> {
      const page = { group: GROUP, version: VERSION, plural: PLURAL, limit: PAGE, ...(mark && { _continue: mark }) };
      return onlyNamespace === null
        ? flows.listClusterCustomObject({ ...page }, timed())
        : flows.listNamespacedCustomObject({ ...page, namespace: onlyNamespace }, timed());
    },
    /** Resolves when the watch has ended, and rejects when it broke. */
    async watchFlows(resourceVersion: string, onEvent: (event: WatchEvent) => void, signal: AbortSignal) {
      const within = onlyNamespace === null ? "" : `/namespaces/${onlyNamespace}`;
      const path = `/apis/${GROUP}/${VERSION}${within}/${PLURAL}`;
      const query = { resourceVersion, allowWatchBookmarks: true, timeoutSeconds: WATCH_SECONDS };
      const ended = Promise.withResolvers<void>();
      const request = await watching.watch(
        path,
        query,
        (type, object) => onEvent({ type, object }),
        (error) => (error && !signal.aborted ? ended.reject(error) : ended.resolve()),
      );
      const stop = () => request.abort();
      signal.addEventListener("abort", stop);
      if (signal.aborted) stop();
      await ended.promise.finally(() => signal.removeEventListener("abort", stop));
    },
    readSecret: (namespace: string, name: string): Promise<V1Secret> =>
      core.readNamespacedSecret({ namespace, name }, timed()),
    /** Refused with 409 where the flow has changed since it was read. */
    patchStatus: ({ metadata }: DeliveryFlow, status: FlowStatus): Promise<DeliveryFlow> =>
      flows.patchNamespacedCustomObjectStatus(
        {
          ...of(metadata?.namespace ?? "", metadata?.name ?? ""),
          body: { metadata: { resourceVersion: metadata?.resourceVersion }, status },
        },
        patching(),
      ),
    /** Refused with 409 where the flow has changed since it was read. */
    patchFinalizers: ({ metadata }: DeliveryFlow, finalizers: string[]): Promise<DeliveryFlow> =>
      flows.patchNamespacedCustomObject(
        {
          ...of(metadata?.namespace ?? "", metadata?.name ?? ""),
          body: { metadata: { resourceVersion: metadata?.resourceVersion, finalizers } },
        },
        patching(),
      ),
    createEvent: (namespace: string, body: EventsV1Event): Promise<unknown> =>
      events.createNamespacedEvent({ namespace, body }, timed()),
    readLease: (namespace: string, name: string): Promise<V1Lease> =>
      leases.readNamespacedLease({ namespace, name }, timed(LEASE_TIMEOUT_MS)),
    createLease: (namespace: string, body: V1Lease): Promise<V1Lease> =>
      leases.createNamespacedLease({ namespace, body }, timed(LEASE_TIMEOUT_MS)),
    /** Refused with 409 where somebody else has changed it since it was read. */
    replaceLease: (namespace: string, name: string, body: V1Lease): Promise<V1Lease> =>
      leases.replaceNamespacedLease({ namespace, name, body }, timed(LEASE_TIMEOUT_MS)),
  };
}

/** A call that ends by itself: the client's own would wait for minutes. */
function timed(timeoutMs = CALL_TIMEOUT_MS, header: [string, string] = ["Accept", "application/json"]) {
  const { pre, post } = setHeaderMiddleware(...header);
  const middleware: ReturnType<typeof setHeaderMiddleware> = {
    pre(request) {
      request.setSignal(AbortSignal.timeout(timeoutMs));
      return pre(request);
    },
    post,
  };
  return { middleware: [middleware], middlewareMergeStrategy: "append" as const };
}

const patching = () => timed(CALL_TIMEOUT_MS, ["Content-Type", PatchStrategy.MergePatch]);
