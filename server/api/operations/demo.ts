import { read, write } from "#server/api/operation.ts";
import { Demo, GetDemo, LoadDemo, RemoveDemo } from "#server/contracts/demo.ts";
import { getDemo, loadDemo, removeDemo } from "#server/resources/demo.ts";

const PATH = "/demo";

export const demo = {
  get: read(PATH, "Get the demo of the team, and whether it sends", GetDemo, Demo, getDemo),
  load: write(
    "resources.delete",
    "POST",
    PATH,
    "Make the sources, mock destinations and connections of the demo, and send signed webhooks for ten minutes",
    LoadDemo,
    Demo,
    loadDemo,
    { status: 201 },
  ),
  remove: write(
    "resources.delete",
    "DELETE",
    PATH,
    "Remove the demo with all that came of it: requests, events, attempts and their counts",
    RemoveDemo,
    Demo,
    removeDemo,
  ),
};
