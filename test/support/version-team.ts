// A team with one connection of two ends: three changes, so its newest version has the number 3.
import type { TestApi } from "./api.ts";

export const url = "https://receiver.example.com/hooks";

export async function makeVersionTeam(api: TestApi) {
  const id = await api.makeTeam("versions");
  const key = await api.makeKey([id]);
  const call = async (method: string, path: string, body?: object) => {
    const answer = await api.call(method, `/v1${path}`, body, { key });
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`);
    return answer.body;
  };
  const source = await call("POST", "/sources", { name: "in" });
  const destination = await call("POST", "/destinations", { name: "out", config: { url, rate_limit: 600 } });
  const rules = [{ type: "retry", strategy: "linear", interval: 60_000, count: 8 }];
  const ends = { source_id: source.id, destination_id: destination.id };
  const connection = await call("POST", "/connections", { name: "way", ...ends, rules });
  const newest = async () => (await call("GET", "/versions?limit=1")).data[0].number as number;
  const restore = async (number: number, part: object = {}) =>
    call("POST", `/versions/${number}/restore`, { ...part, if_newest: await newest() });
  return { id, key, call, source, destination, connection, newest, restore };
}
