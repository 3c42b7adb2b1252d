// What deliveries are compared with: a loop over undici's Pool.request, nothing else.
import { Pool } from "undici";
import { serveParent } from "#test/bench/remote.ts";

export interface SendInput {
  origin: string;
  path: string;
  headers: Record<string, string>;
  body: string;
  connections: number;
  count: number;
}

const calls = {
  async send({ origin, path, headers, body, connections, count }: SendInput): Promise<void> {
    const pool = new Pool(origin, { connections });
    let left = count;
    const loop = async () => {
      while (left-- > 0) {
        const answer = await pool.request({ method: "POST", path, headers, body });
        await answer.body.text();
      }
    };
    await Promise.all(Array.from({ length: connections }, loop));
    await pool.close();
  },
};
export type BareSenderCalls = typeof calls;

serveParent(calls);
