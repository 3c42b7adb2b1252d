// Controllers of a Kubernetes cluster that are cut off, stopped and killed: one leads, and nothing is lost.
import { once } from "node:events";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type ControllerWorld, createControllerWorld, type RunningController } from "#test/support/controller-world.ts";
import { allRights } from "#test/support/kubernetes-roles.ts";
import { eventually } from "#test/support/world.ts";

let at: ControllerWorld;
let controller: RunningController | undefined;
beforeAll(async () => {
  at = await createControllerWorld();
});
afterEach(async () => {
  await controller?.stop();
  controller = undefined;
  await at.clear();
});
afterAll(() => at[Symbol.asyncDispose]());

const specOf = (name: string) => ({ source: { name }, destinations: [{ name: `${name}-one`, type: "MOCK" }] });
const ready = (name: string) => at.settled(name, "Ready", { status: "True", reason: "Applied" });

describe("a watch", () => {
  test("that is cut, or whose version is forgotten, loses nothing", async () => {
    await at.make("cut", specOf("cut"));
    controller = at.start();
    await ready("cut");
    at.cluster.breakWatches();
    await at.make("cut-2", specOf("cut-2"));
    await ready("cut-2");
    await controller.stop();
    // What goes and comes while nobody watches.
    await at.make("cut-3", specOf("cut-3"));
    controller = at.start();
    await ready("cut-3");
    await eventually(
      async () => at.cluster.watches(),
      (open) => open === 1,
    );
    at.cluster.breakWatches();
    await at.make("cut-4", specOf("cut-4"));
    at.cluster.compact();
    await ready("cut-4");
  });
});

describe("of several controllers", () => {
  test("one leads, and another one as soon as that has stopped", async () => {
    const both = [at.start(), at.start()] as const;
    const leading = () => both.filter((each) => each.isLeading());
    await eventually(
      async () => leading().length,
      (count) => count === 1,
    );
    await at.make("led", specOf("led"));
    await ready("led");
    expect(leading().length).toBe(1);
    const holder = await at.holder();
    const [first] = leading();
    await first?.stop();
    await eventually(
      async () => leading().length,
      (count) => count === 1,
    );
    expect(await at.holder()).not.toBe(holder);
    await at.make("led-2", specOf("led-2"));
    await ready("led-2");
    for (const each of both) await each.stop();
  });

  test("one that is killed in the middle of an application leaves nothing half done", async () => {
    await at.make("killed", specOf("killed"));
    const child = await at.spawn();
    await eventually(
      () => at.get("killed"),
      ({ status }) => status?.team !== undefined,
      30_000,
    );
    child.kill("SIGKILL");
    await once(child, "exit");
    controller = at.start();
    expect(await ready("killed")).toMatchObject({ resources: { declared: 3, drifted: 0 } });
    const { data } = await at.api("GET", "flows");
    expect(data.filter(({ name }: { name: string }) => name === "killed").length).toBe(1);
  });
});

test("the rights in the manifests are those that a controller uses", () => {
  expect(at.cluster.forbidden).toEqual([]);
  expect([...at.cluster.used].toSorted()).toEqual(allRights().toSorted());
});
