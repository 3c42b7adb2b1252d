// The words of a look at a flow: its status, and an Event for each change that somebody may want to know of.

import { isDeepStrictEqual } from "node:util";
import { EventsV1Event, V1MicroTime } from "@kubernetes/client-node";
import { sayClusterError } from "./cluster.ts";
import { type DeliveryFlow, type FlowCondition, GROUP, KIND, VERSION } from "./delivery-flow.ts";
import type { Surroundings } from "./surroundings.ts";
import { statusAfter, type Verdict, withoutNulls } from "./verdict.ts";

/** The API takes no longer note. */
const MAX_NOTE_BYTES = 1_024;
const CONTROLLER = "switchyard.dev/controller";

/** Writes nothing where nothing is new, so that a flow at rest costs the cluster nothing. */
export async function writeStatus(around: Surroundings, flow: DeliveryFlow, verdict: Verdict): Promise<void> {
  const status = statusAfter(flow, verdict, around.now());
  if (!isDeepStrictEqual(withoutNulls(status), flow.status ?? {})) {
    around.store.putOwn(flow, await around.cluster.patchStatus(flow, status));
  }
  const was = flow.status?.conditions ?? [];
  for (const condition of status.conditions ?? []) {
    const before = was.find(({ type }) => type === condition.type);
    const isNews =
      before?.reason !== condition.reason || (condition.status !== "True" && before.message !== condition.message);
    if (isNews && (before || condition.type === "Ready") && condition.reason !== verdict.news?.reason)
      await tell(around, flow, { isWarning: isWorrying(condition), reason: condition.reason, note: condition.message });
  }
  if (verdict.news) await tell(around, flow, { isWarning: false, ...verdict.news });
}

const isWorrying = ({ type, status }: FlowCondition) => (type === "Ready" ? status !== "True" : status === "True");

interface Telling {
  isWarning: boolean;
  reason: string;
  note: string;
}

/** An Event beside the flow. One that cannot be written is logged, and holds nothing up. */
export async function tell(
  { cluster, identity, now, log }: Surroundings,
  { metadata }: DeliveryFlow,
  { isWarning, reason, note }: Telling,
): Promise<void> {
  const namespace = metadata?.namespace ?? "";
  const event = new EventsV1Event();
  event.metadata = { generateName: `${metadata?.name?.slice(0, 200)}-`, namespace };
  event.eventTime = new V1MicroTime(now().getTime());
  event.type = isWarning ? "Warning" : "Normal";
  event.reason = reason;
  event.action = "Reconcile";
  event.note = shortened(note);
  event.reportingController = CONTROLLER;
  event.reportingInstance = identity.slice(0, 128);
  event.regarding = {
    apiVersion: `${GROUP}/${VERSION}`,
    kind: KIND,
    namespace,
    name: metadata?.name,
    uid: metadata?.uid,
  } as EventsV1Event["regarding"];
  try {
    await cluster.createEvent(namespace, event);
  } catch (error) {
    log.warn({ reason: sayClusterError(error), flow: `${namespace}/${metadata?.name}` }, "An Event was not written");
  }
}

function shortened(note: string): string {
  if (Buffer.byteLength(note) <= MAX_NOTE_BYTES) return note;
  return `${Buffer.from(note)
    .subarray(0, MAX_NOTE_BYTES - 8)
    .toString("utf8")
    .replace(/\uFFFD+$/, "")}…`;
}
