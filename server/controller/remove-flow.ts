// The end of a flow: what it owns is deleted or stays, as its policy says, and the cluster lets it go only then.
import { SwitchyardError } from "#server/sdk/switchyard.ts";
import { statusOf } from "./cluster.ts";
import { ANNOTATIONS, type DeliveryFlow, FINALIZER, readPolicies } from "./delivery-flow.ts";
import { emptyText } from "./flow-text.ts";
import type { Outcome } from "./reconcile.ts";
import { findSecret, type Surroundings } from "./surroundings.ts";
import { NoKey, type Team, teamOfNamespace } from "./team-of-namespace.ts";
import { tell, writeStatus } from "./tell.ts";
import { failed, invalid, type Verdict } from "./verdict.ts";

/** Of a flow that somebody has deleted, and that waits for its finalizer. */
export async function removeFlow(around: Surroundings, flow: DeliveryFlow, signal: AbortSignal): Promise<Outcome> {
  if (!flow.metadata?.finalizers?.includes(FINALIZER)) return undefined;
  const verdict = await endOf(around, flow, signal).catch((error) => {
    signal.throwIfAborted();
    return failed(error);
  });
  if (verdict === "gone") return release(around, flow);
  if (verdict.ready.reason !== "ChangedMeanwhile") await writeStatus(around, flow, verdict);
  return verdict.retry;
}

async function endOf(around: Surroundings, flow: DeliveryFlow, signal: AbortSignal): Promise<Verdict | "gone"> {
  // Nothing was ever applied of it.
  if (!flow.status?.team) return "gone";
  const policies = readPolicies(flow);
  if (Array.isArray(policies)) return invalid(policies, "InvalidPolicy");
  const team = await teamFor(around, flow, signal).catch((error) => {
    if (isKeyless(error)) return error;
    throw error;
  });
  if (team instanceof Error) {
    if (policies.deletion === "delete") return blocked(team.message);
    const note = `What it declared runs on and the gateway still lists the flow: ${team.message}`;
    await tell(around, flow, { isWarning: true, reason: "Orphaned", note });
    return "gone";
  }
  await forget(around, flow, team, policies.deletion === "delete", signal);
  return "gone";
}

/** The namespace is going, or its key is: a flow that leaves all as it is needs neither. */
const isKeyless = (error: unknown): error is Error =>
  error instanceof NoKey || (error instanceof SwitchyardError && (error.status === 401 || error.status === 403));

function blocked(why: string): Verdict {
  const message = `What it owns is not deleted: ${why} Put that right, or annotate the flow ${ANNOTATIONS.deletion}=orphan.`;
  return { ready: { status: "False", reason: "DeletionBlocked", message }, retry: { atLeastMs: 0 } };
}

async function teamFor(around: Surroundings, flow: DeliveryFlow, signal: AbortSignal): Promise<Team> {
  const { gatewayUrl, keySecret } = around;
  const find = (name: string) => findSecret(around, flow.metadata?.namespace ?? "", name);
  const team = await teamOfNamespace({ gatewayUrl, keySecret, findSecret: find, signal });
  if (team.id !== flow.status?.team) throw new NoKey(`The key is of another team than ${flow.status?.team}.`);
  return team;
}

async function forget(
  around: Surroundings,
  flow: DeliveryFlow,
  { client }: Team,
  isDeleted: boolean,
  signal: AbortSignal,
): Promise<void> {
  const name = flow.metadata?.name ?? "";
  const known = (await client.flows.list({}, { signal })).data.find((each) => each.name === name);
  if (!known) return;
  if (isDeleted) {
    const input = { text: emptyText(name), prune: true };
    const plan = await client.flows.plan(input, { signal });
    if (plan.fingerprint !== null)
      await client.flows.applyFile({ ...input, fingerprint: plan.fingerprint, drift: "file" }, { signal });
    const losses = plan.changes.flatMap((each) => each.losses.map(({ says }) => `${each.name}: ${says}`));
    const used = plan.left.map((each) => `The ${each.kind} ${each.name} stays: others use it.`);
    const note = [`${plan.changes.length} resources deleted.`, ...losses, ...used].join(" ");
    await tell(around, flow, { isWarning: used.length > 0, reason: "Deleted", note });
  } else {
    await tell(around, flow, { isWarning: false, reason: "Orphaned", note: "What it declared runs on." });
  }
  await client.flows.forget({ id: known.id }, { signal }).catch((error) => {
    if (!(error instanceof SwitchyardError && error.status === 404)) throw error;
  });
}

async function release({ cluster }: Surroundings, flow: DeliveryFlow): Promise<Outcome> {
  const finalizers = (flow.metadata?.finalizers ?? []).filter((each) => each !== FINALIZER);
  await cluster.patchFinalizers(flow, finalizers).catch((error) => {
    if (statusOf(error) !== 404) throw error;
  });
  return undefined;
}
