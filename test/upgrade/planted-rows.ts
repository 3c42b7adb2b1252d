// Rows of the kinds that traffic alone does not make, by the API of an older version: what it does not know yet is left out.
import { RefusedError, type TeamApi } from "#test/chaos/team-api.ts";
import { takePort } from "#test/support/free-port.ts";

const FLOW = `apiVersion: switchyard.dev/v1
kind: DeliveryFlow
metadata: { name: kept }
spec: { destinations: [{ name: kept-of-the-flow, type: MOCK }] }
`;

type Made = { id: string; url: string };

/**
 * Makes them, with some events that are held and some that failed for good.
 *
 * @param doorUrl where webhooks are sent
 * @returns what the version refused, by path
 */
export async function plantRows(api: TeamApi, doorUrl: string): Promise<string[]> {
  const nobody = `http://127.0.0.1:${await takePort()}/hook`;
  const refused: string[] = [];
  const make = (method: string, path: string, body: unknown) =>
    api.call<Made>(method, path, body).catch((error: unknown) => {
      if (!(error instanceof RefusedError)) throw error;
      refused.push(`${method} ${path} (${error.status})`);
      return undefined;
    });
  const kept = await api.call<Made>("POST", "/sources", { name: "kept" });
  const proof = { username: "u", password: "a password", previous_password: "the one before" };
  await make("POST", "/sources", { name: "kept-basic", config: { auth_type: "BASIC_AUTH", auth: proof } });
  await make("POST", "/sources", { name: "kept-published", type: "PUBLISH" });
  const bearer = { url: nobody, auth_type: "BEARER_TOKEN", auth: { token: "a token of it" } };
  const down = await api.call<Made>("POST", "/destinations", { name: "kept-down", config: bearer });
  const transformation = await make("POST", "/transformations", { name: "kept", code: "return request;" });
  const rules = transformation ? [{ type: "transform", transformation_id: transformation.id }] : [];
  const ends = { source_id: kept.id, destination_id: down.id };
  await make("POST", "/connections", { name: "kept-failing", ...ends, rules });
  const mock = { name: "kept-mock", type: "MOCK" };
  const paused = await make("POST", "/connections", { name: "kept-held", source_id: kept.id, destination: mock });
  if (paused) await make("PUT", `/connections/${paused.id}/pause`, {});
  await make("POST", "/endpoints", { url: `${nobody}/agent`, eventTypes: ["never"], source: kept.id });
  await make("POST", "/notifications", { name: "kept", url: nobody });
  await make("POST", "/views", { list: "events", name: "kept", filters: { status: "FAILED" } });
  await make("POST", "/flows/apply", { text: FLOW });
  for (let n = 0; n < 5; n++) await send(new URL(kept.url).pathname, n);
  return refused;

  async function send(path: string, n: number): Promise<void> {
    const response = await fetch(`${doorUrl}${path}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ n }),
    });
    if (!response.ok) throw new Error(`The door answered ${response.status} ${await response.text()}`);
  }
}
