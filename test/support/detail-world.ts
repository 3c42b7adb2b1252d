// A world with a dashboard before it, for the pages of one event, one request and one attempt.
import { type Branch, makeBranch } from "./branch.ts";
import { startPageWorld } from "./page-world.ts";
import { startReceiver } from "./receiver.ts";
import { eventually } from "./world.ts";

const NO_RETRY = [{ type: "retry" as const, strategy: "linear" as const, interval: 1000, count: 0 }];

export type DetailWorld = Awaited<ReturnType<typeof startDetailWorld>>;

/** An owner is signed in. The receiver answers what `answers.status` says, and tells it in header and body. */
export async function startDetailWorld() {
  await using stack = new AsyncDisposableStack();
  const pages = stack.use(await startPageWorld({ role: "owner" }));
  const { world, web, person: owner, open, signIn } = pages;
  const answers = { status: 200 };
  const receiver = stack.use(
    await startReceiver(() => {
      const { status } = answers;
      return { status, headers: { "x-node": `n${status}` }, body: `{"s":${status}}` };
    }),
  );
  const endedEvents = (branch: Branch, count: number) =>
    eventually(
      () => world.events(branch.id),
      (events) => events.length === count && events.every(({ status }) => ["DELIVERED", "FAILED"].includes(status)),
    );
  const disposal = stack.move();
  return {
    world,
    web,
    owner,
    answers,
    receiver,
    endedEvents,
    open,
    signIn,
    /** A branch whose last event failed after one that was delivered. */
    async brokenBranch() {
      const branch = await makeBranch(world, { to: { url: receiver.url }, rules: NO_RETRY });
      for (const [index, status] of [200, 503].entries()) {
        answers.status = status;
        await branch.send({ type: "invoice.paid", id: `in_${branch.id}_${index}`, amount: index + 1 });
        await endedEvents(branch, index + 1);
      }
      const [good, bad] = await world.events(branch.id);
      if (!good || !bad) throw new Error("There are not two events.");
      return { branch, good, bad };
    },
    [Symbol.asyncDispose]: () => disposal.disposeAsync(),
  };
}
