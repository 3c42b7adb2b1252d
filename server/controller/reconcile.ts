// One look at one flow: planned, applied where the flow asks for it, and told in its status. The gateway's own plan decides, so a look
// that was broken off is simply taken again.
import { createHash } from "node:crypto";
import type { FlowsPlanOutput } from "#server/sdk/switchyard.ts";
import { type DeliveryFlow, FINALIZER, type FlowDrift, keyOf, type Policies, readPolicies } from "./delivery-flow.ts";
import { type FlowFile, flowFileOf } from "./flow-text.ts";
import { findSecret, type Surroundings } from "./surroundings.ts";
import { type Team, teamOfNamespace } from "./team-of-namespace.ts";
import { writeStatus } from "./tell.ts";
import { failed, invalid, type Verdict } from "./verdict.ts";

type Plan = FlowsPlanOutput;

const MAX_DRIFT = 20;
const MAX_NAMED = 5;

const IN_SYNC = { status: "False", reason: "InSync", message: "What runs is what the flow says." } as const;

/** Whether it is to be looked at again soon, and after how long at least. */
export type Outcome = Verdict["retry"];

export async function reconcile(around: Surroundings, flow: DeliveryFlow, signal: AbortSignal): Promise<Outcome> {
  const owned = await withFinalizer(around, flow);
  const verdict = await judge(around, owned, signal).catch((error) => {
    signal.throwIfAborted();
    return failed(error);
  });
  const current = around.store.get(keyOf(owned)) ?? owned;
  // Somebody's change a moment ago is no state of the flow: the next look is taken at once.
  if (verdict.ready.reason !== "ChangedMeanwhile") await writeStatus(around, newerOf(owned, current), verdict);
  return verdict.retry;
}

/** What this look has written itself, unless the cluster told of more since. */
const newerOf = (written: DeliveryFlow, known: DeliveryFlow) =>
  written.metadata?.uid === known.metadata?.uid && written.metadata?.generation === known.metadata?.generation
    ? known
    : written;

/** From here on the flow goes only after {@link FINALIZER} was taken away. */
async function withFinalizer({ cluster, store }: Surroundings, flow: DeliveryFlow): Promise<DeliveryFlow> {
  const finalizers = flow.metadata?.finalizers ?? [];
  if (finalizers.includes(FINALIZER)) return flow;
  return store.putOwn(flow, await cluster.patchFinalizers(flow, [...finalizers, FINALIZER]));
}

async function judge(around: Surroundings, flow: DeliveryFlow, signal: AbortSignal): Promise<Verdict> {
  const policies = readPolicies(flow);
  if (Array.isArray(policies)) return invalid(policies, "InvalidPolicy");
  const { namespace = "", name = "" } = flow.metadata ?? {};
  const find = (secret: string) => findSecret(around, namespace, secret);
  const { gatewayUrl, keySecret } = around;
  const team = await teamOfNamespace({ gatewayUrl, keySecret, findSecret: find, signal });
  const holder = holderOf(around, flow, team.id);
  if (holder) {
    const message = `The flow ${name} of this team is declared in namespace ${holder.metadata?.namespace} already: give this one another name.`;
    return { ready: { status: "False", reason: "NameTaken", message }, retry: { atLeastMs: 0 } };
  }
  const file = await flowFileOf(flow, { envFrom: policies.envFrom, keySecret, findSecret: find });
  if (file.problems.length > 0) return invalid(file.problems);
  const claimed = await claim(around, flow, team);
  return planAndApply(around, claimed, { team, file, policies, signal });
}

/** The flow that has the name in the team already: two of one name would undo each other. Otherwise the name is this flow's from here on. */
function holderOf({ store, names }: Surroundings, flow: DeliveryFlow, team: string): DeliveryFlow | undefined {
  const { name = "", uid = "" } = flow.metadata ?? {};
  const others = store.all().filter((each) => each.metadata?.name === name && each.metadata.uid !== uid);
  const taken = names.get(`${team} ${name}`);
  const isBefore = (other: DeliveryFlow) =>
    other.status?.team === team && (flow.status?.team !== team || bornAt(other) < bornAt(flow));
  const isTaker = ({ metadata, status }: DeliveryFlow) => metadata?.uid === taken && (status?.team ?? team) === team;
  const holder = others.find(isTaker) ?? others.find(isBefore);
  if (!holder) names.set(`${team} ${name}`, uid);
  return holder;
}

const bornAt = ({ metadata }: DeliveryFlow) =>
  `${new Date(metadata?.creationTimestamp ?? 0).toISOString()} ${metadata?.uid}`;

/** Notes the team before anything is applied to it: whoever deletes the flow knows then where it was. */
async function claim({ cluster, store }: Surroundings, flow: DeliveryFlow, team: Team): Promise<DeliveryFlow> {
  if (flow.status?.team === team.id) return flow;
  return store.putOwn(flow, await cluster.patchStatus(flow, { team: team.id, appliedInputs: null }));
}

interface Applying {
  team: Team;
  file: FlowFile;
  policies: Policies;
  signal: AbortSignal;
}

async function planAndApply(
  { now }: Surroundings,
  { status = {} }: DeliveryFlow,
  { team, file, policies, signal }: Applying,
): Promise<Verdict> {
  const input = { text: file.text, prune: policies.deletion === "delete", secrets: file.secrets };
  const inputs = hashOf([input.text, input.prune, file.versions, team.id, team.version]);
  const plan = await team.client.flows.plan(input, { signal });
  if (plan.fingerprint === null) return invalid(plan.problems.map(({ path, message }) => ({ path, message })));
  const isAsked = inputs !== status.appliedInputs || plan.flows.some(({ is_new }) => is_new);
  const drift = driftOf(plan, isAsked);
  const looked = { fingerprint: plan.fingerprint, resources: countsOf(plan, drift.length), drift: shown(drift) };
  const isApplied = isAsked || (!plan.is_empty && policies.drift === "correct");
  if (!isApplied) {
    const message = `Applied at ${status.lastAppliedTime}: ${plan.unchanged_count} resources are as the flow says.`;
    return { ready: { status: "True", reason: "Applied", message }, drifted: driftedOf(drift), fields: looked };
  }
  const isCorrected = policies.drift === "correct";
  const answer = await team.client.flows.applyFile(
    { ...input, fingerprint: plan.fingerprint, drift: isCorrected ? "file" : "runs" },
    { signal },
  );
  const left = isCorrected ? [] : drift;
  const lastAppliedTime = `${now().toISOString().slice(0, 19)}Z`;
  return {
    ready: { status: "True", reason: "Applied", message: `Applied at ${lastAppliedTime}: ${toldOf(plan)}.` },
    drifted: driftedOf(left),
    fields: {
      ...looked,
      resources: countsOf(plan, left.length),
      drift: shown(left),
      appliedInputs: inputs,
      lastAppliedTime,
    },
    ...(answer.is_changed && { news: newsOf(plan, isAsked, drift, answer.made_secrets) }),
  };
}

const hashOf = (inputs: unknown) =>
  createHash("sha256").update(JSON.stringify(inputs)).digest("base64url").slice(0, 32);

/** The fields that somebody has changed. Where the flow itself has not changed since it was applied, every difference is one. */
function driftOf({ changes }: Plan, isAsked: boolean): FlowDrift[] {
  return changes.flatMap(({ action, kind, name, fields }): FlowDrift[] => {
    if (action !== "update") return isAsked ? [] : [{ kind, name, path: "" }];
    return fields
      .filter(({ drift }) => drift !== null || !isAsked)
      .map(({ path, drift }) => {
        const by = drift?.changed_by;
        return { kind, name, path, ...(by && { changedBy: by.actor_name ?? by.actor_id }) };
      });
  });
}

const shown = (drift: FlowDrift[]): FlowDrift[] | null => (drift.length === 0 ? null : drift.slice(0, MAX_DRIFT));

const countsOf = ({ changes, unchanged_count, left }: Plan, drifted: number) => ({
  declared: unchanged_count + changes.filter(({ action }) => action !== "delete").length,
  drifted,
  left: left.length,
});

const driftText = ({ kind, name, path, changedBy }: FlowDrift) =>
  `${path === "" ? "" : `${path} of `}the ${kind} ${name}${changedBy === undefined ? "" : `, changed by ${changedBy}`}`;

function driftedOf(drift: readonly FlowDrift[]): NonNullable<Verdict["drifted"]> {
  if (drift.length === 0) return IN_SYNC;
  const more = drift.length > MAX_NAMED ? ` and ${drift.length - MAX_NAMED} more` : "";
  const message = `Not as the flow says: ${drift.slice(0, MAX_NAMED).map(driftText).join("; ")}${more}.`;
  return { status: "True", reason: "ChangedByHand", message };
}

function toldOf({ changes, unchanged_count }: Plan): string {
  const counted = (["create", "update", "delete"] as const).map((action) => [
    action,
    changes.filter((each) => each.action === action).length,
  ]);
  const words = { create: "made", update: "changed", delete: "deleted" } as const;
  const told = counted
    .filter(([, count]) => count !== 0)
    .map(([action, count]) => `${count} ${words[action as "create"]}`);
  return [...told, `${unchanged_count} as they were`].join(", ");
}

/** Of new signing secrets only that they are there: an Event can be read by many. */
function newsOf(plan: Plan, isAsked: boolean, drift: FlowDrift[], secrets: readonly { name: string }[]) {
  const losses = plan.changes.flatMap(({ losses: of, name }) => of.map(({ says }) => `${name}: ${says}`));
  const signed =
    secrets.length > 0 ? [`Signed to with a new secret: ${secrets.map(({ name }) => name).join(", ")}.`] : [];
  const corrected = isAsked ? [] : drift.slice(0, MAX_NAMED).map((each) => `Put back: ${driftText(each)}.`);
  const warnings = plan.warnings.map(({ path, message }) => `${path}: ${message}`);
  const note = [`${toldOf(plan)}.`, ...corrected, ...losses, ...signed, ...warnings].join(" ");
  return { reason: isAsked ? "Applied" : "DriftCorrected", note };
}
