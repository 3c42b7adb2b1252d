// What can be done to events: each command is done to the product, and told to the model.
import { isFinished, isWaiting, type Mode, type Model, type ModelEvent, PLACES } from "./event-model.ts";
import type { ProductUnderModel } from "./product-under-model.ts";

export interface Choices {
  /** A whole number from 0 up to `count`, exclusive. */
  below(count: number): number;
  pick<T>(of: readonly T[]): T;
}

interface Doing {
  model: Model;
  product: ProductUnderModel;
  choices: Choices;
}

/** Resolves to a sentence of what was done; undefined where there was nothing to do it to. */
type Command = (doing: Doing) => Promise<string | undefined>;

function anyOf<T>({ choices }: Doing, of: readonly T[]): T | undefined {
  return of.length > 0 ? choices.pick(of) : undefined;
}

async function expectStatus(product: ProductUnderModel, status: number, method: string, path: string, body?: unknown) {
  const answer = await product.call(method, path, body);
  if (answer.status !== status)
    throw new Error(
      `${method} ${path} answered ${answer.status} in the place of ${status}: ${JSON.stringify(answer.body)}`,
    );
  return answer.body;
}

const MODES: readonly Mode[] = ["ok", "ok", "fail", "fail", "fail", "gone", "gone", "hang"];

const send: Command = async ({ model, product }) => {
  const { requestId, secrets } = await product.send();
  model.receive(requestId, secrets);
  return `send ${requestId}`;
};

const changeMode: Command = async (doing) => {
  const destination = anyOf(doing, doing.model.destinations);
  if (!destination) return undefined;
  destination.mode = doing.choices.pick(MODES);
  doing.product.setMode(destination, destination.mode);
  return `${destination.id} answers ${destination.mode}`;
};

const comeDue: Command = async (doing) => {
  const { model, product } = doing;
  const waiting = model.connections.filter((each) =>
    model.events.some((event) => event.connection === each && isWaiting(event)),
  );
  const connection = anyOf(doing, waiting);
  if (!connection) return undefined;
  await product.comeDue(connection);
  model.comeDue(connection);
  return `what waits on ${connection.id} is due`;
};

/** Why the event cannot be retried, if it cannot. */
const isStuck = (model: Model, { requestId, connection, destination }: ModelEvent) =>
  model.erased.has(requestId) || !model.isThere(connection) || destination.isDisabled;

const retry: Command = async (doing) => {
  const { model, product } = doing;
  const event = anyOf(doing, model.events);
  if (!event) return undefined;
  const { id } = await product.eventOf(event);
  const isRefused = isStuck(model, event);
  await expectStatus(product, isRefused ? 409 : 200, "POST", `/events/${id}/retry`);
  if (!isRefused) model.retry(event);
  return `retry ${id}${isRefused ? ", refused" : ""}`;
};

const cancel: Command = async (doing) => {
  const { model, product } = doing;
  const event = anyOf(doing, model.events);
  if (!event) return undefined;
  const { id } = await product.eventOf(event);
  const isRefused = event.status === "DELIVERED" || event.status === "FAILED";
  await expectStatus(product, isRefused ? 409 : 200, "PUT", `/events/${id}/cancel`);
  if (!isFinished(event)) model.cancel(event);
  return `cancel ${id}${isRefused ? ", refused" : ""}`;
};

const routeAgain: Command = async (doing) => {
  const { model, product } = doing;
  const requestId = anyOf(doing, model.requests);
  if (requestId === undefined) return undefined;
  const isRefused = model.erased.has(requestId);
  await expectStatus(product, isRefused ? 409 : 200, "POST", `/requests/${requestId}/retry`, {});
  if (!isRefused) model.route(requestId);
  return `route ${requestId} again${isRefused ? ", refused" : ""}`;
};

/** Does in bulk what its plan counts as the model does. False where there is nothing to do. */
async function inBulk(product: ProductUnderModel, path: string, filter: object, count: number): Promise<boolean> {
  const plan = await expectStatus(product, 200, "POST", `${path}/plan`, filter);
  if (plan.count !== count) throw new Error(`${path} is of ${count}, and its plan says ${JSON.stringify(plan)}`);
  if (count > 0) await expectStatus(product, 201, "POST", path, filter);
  return count > 0;
}

const bulkRetry: Command = async ({ model, product }) => {
  const filter = { source_id: [product.sourceId], status: ["FAILED"], from: "now-1h" };
  const failed = model.events.filter((event) => event.status === "FAILED" && !isStuck(model, event));
  if (!(await inBulk(product, "/bulk/events/retry", filter, failed.length))) return undefined;
  for (const event of failed) model.retry(event);
  return `retry all ${failed.length} that failed`;
};

/** The newest few, so that a run does not send ever more, and one whose time is over. */
const bulkRoute: Command = async ({ model, product }) => {
  const newest = model.requests.slice(-3);
  if (newest.length === 0) return undefined;
  const id = [...model.gone.slice(-1), ...newest];
  const routed = newest.filter(
    (each) => !model.erased.has(each) && model.connections.some(({ isDisabled }) => !isDisabled),
  );
  if (!(await inBulk(product, "/bulk/requests/retry", { id, from: "now-1h" }, routed.length))) return undefined;
  for (const each of routed) model.route(each);
  return `route ${routed.join(", ")} again`;
};

const bulkCancel: Command = async ({ model, product }) => {
  const filter = { source_id: [product.sourceId], status: ["RETRYING", "SCHEDULED"], from: "now-1h" };
  const waiting = model.events.filter(isWaiting);
  if (!(await inBulk(product, "/bulk/events/cancel", filter, waiting.length))) return undefined;
  for (const event of waiting) model.cancel(event);
  return `cancel all ${waiting.length} that wait for their time`;
};

const switchPause: Command = async (doing) => {
  const { model, product } = doing;
  const connection = anyOf(doing, model.connections);
  if (!connection) return undefined;
  const verb = connection.isPaused ? "unpause" : "pause";
  await product.ask("PUT", `/connections/${connection.id}/${verb}`);
  if (connection.isPaused) model.unpause(connection);
  else connection.isPaused = true;
  return `${verb} ${connection.id}`;
};

const switchConnection: Command = async (doing) => {
  const { model, product } = doing;
  const connection = anyOf(doing, model.connections);
  if (!connection) return undefined;
  const verb = connection.isDisabled ? "enable" : "disable";
  await product.ask("PUT", `/connections/${connection.id}/${verb}`);
  connection.isDisabled = !connection.isDisabled;
  return `${verb} ${connection.id}`;
};

const switchDestination: Command = async (doing) => {
  const { model, product } = doing;
  const destination = anyOf(doing, model.destinations);
  if (!destination) return undefined;
  const verb = destination.isDisabled ? "enable" : "disable";
  await product.ask("PUT", `/destinations/${destination.id}/${verb}`);
  if (destination.isDisabled) model.enable(destination);
  else destination.isDisabled = true;
  return `${verb} ${destination.id}`;
};

/** Another takes its place, so that there is always a way. */
const replaceConnection: Command = async (doing) => {
  const { model, product, choices } = doing;
  const connection = anyOf(doing, model.connections);
  if (!connection) return undefined;
  await product.ask("DELETE", `/connections/${connection.id}`);
  model.remove(connection);
  const next = await product.makeConnection(connection.destination, choices.below(3), choices.below(4) === 0);
  model.connections.push(next);
  return `delete ${connection.id}, make ${next.id}`;
};

const erase: Command = async (doing) => {
  const { model, product, choices } = doing;
  const requestId = anyOf(doing, model.requests);
  if (requestId === undefined) return undefined;
  const unfinished = model.events.filter((event) => event.requestId === requestId && !isFinished(event));
  const cancel_unfinished = choices.below(2) === 0;
  const isRefused = unfinished.length > 0 && !cancel_unfinished;
  const body = { reason: "the model says so", cancel_unfinished };
  await expectStatus(product, isRefused ? 409 : 200, "POST", `/requests/${requestId}/erase`, body);
  if (isRefused) return `erase ${requestId}, refused`;
  for (const event of unfinished) model.cancel(event);
  model.erased.add(requestId);
  return `erase ${requestId}`;
};

const changeMasks: Command = async ({ model, product, choices }) => {
  const masker = choices.pick(["team", "source"] as const);
  const places = PLACES.filter(() => choices.below(2) === 0);
  await product.mask(masker, places);
  model.masks[masker] = places;
  return `the ${masker} masks ${places.join(" and ") || "nothing"}`;
};

const applyMasks: Command = async ({ model, product }) => {
  await product.applyMasks();
  model.applyMasks();
  return "masks are applied to what is over";
};

/** Of the team, which keeps less than the installation, or does not. */
const expire: Command = async ({ model, product, choices }) => {
  const count = choices.below(model.requests.length + 1);
  const isKeptLonger = choices.below(4) === 0;
  await product.expireBefore(product.timeBefore(model.requests[count]), { isKeptLonger });
  const gone = isKeptLonger ? 0 : model.expire(count);
  return `the time of ${count} requests is ${isKeptLonger ? "not " : ""}over, and ${gone} go`;
};

/** Half of the time nothing of it is owed any more. */
const expireDay: Command = async ({ model, product, choices }) => {
  if (!product.isOfOneDay()) return undefined;
  const isOver = choices.below(4) !== 0;
  const unfinished = choices.below(2) === 0 ? model.events.filter((event) => !isFinished(event)) : [];
  if (unfinished.length > 0) {
    const filter = { source_id: [product.sourceId], status: ["RETRYING", "SCHEDULED", "HOLD"], from: "now-1h" };
    await inBulk(product, "/bulk/events/cancel", filter, unfinished.length);
    for (const event of unfinished) model.cancel(event);
    await product.agree(model);
  }
  await product.expireDay({ isOver });
  const gone = isOver ? model.expireDay() : 0;
  return `cancel ${unfinished.length}, the time of the day is ${isOver ? "" : "not "}over, and ${gone} requests go`;
};

/** The worker dies with a delivery on the wire, which leaves no trace: whoever follows it sends once more. */
const killWorker: Command = async (doing) => {
  const { model, product } = doing;
  const open = model.connections.filter(
    ({ isPaused, isDisabled, isDelaying, destination }) =>
      !isPaused && !isDisabled && !isDelaying && !destination.isDisabled,
  );
  const connection = anyOf(doing, open);
  if (!connection || !product.killWorker) return undefined;
  const killed = product.killWorker(connection.destination);
  const { requestId, secrets } = await product.send();
  await killed;
  model.receive(requestId, secrets);
  return `send ${requestId}, and kill the worker as it delivers to ${connection.destination.id}`;
};

/** What is done oftener stands here more than once. */
export const COMMANDS: readonly Command[] = [
  ...[
    send,
    send,
    send,
    changeMode,
    changeMode,
    comeDue,
    comeDue,
    retry,
    retry,
    cancel,
    routeAgain,
    bulkRetry,
    bulkRoute,
    bulkCancel,
  ],
  ...[switchPause, switchPause, switchConnection, switchDestination, replaceConnection, erase, killWorker],
  ...[changeMasks, applyMasks, applyMasks, expire, expireDay],
];
