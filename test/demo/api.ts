import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { EventSummary } from "#server/contracts/event.ts";
import { page } from "#server/contracts/page.ts";
import { RequestSummary } from "#server/contracts/request.ts";
import type { DemoOptions } from "./options.ts";

const ErrorAnswer = z.object({
  error: z.object({
    message: z.string(),
    issues: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  }),
});
const Saved = z.object({ id: z.string(), url: z.string().optional() });
export type Saved = z.infer<typeof Saved>;

const PAGE = "255";

/** A sentence for the person who runs the demo. */
export class DemoError extends Error {}
/** It does not answer, or says itself that it cannot just now. */
class AwayError extends DemoError {}

const PATIENCE_MS = 30_000;
const PAUSE_MS = 500;

export interface Api {
  /** PUT on a collection: makes the resource, or changes the one of this name. */
  save(collection: "sources" | "destinations" | "connections", resource: object): Promise<Saved>;
  pause(connectionId: string): Promise<void>;
  /** Everything that the sources received since `from`, and the events made of it. */
  listSince(from: string, sourceIds: string[]): Promise<{ requests: RequestSummary[]; events: EventSummary[] }>;
}

function explain(status: number, text: string): string {
  const parsed = ErrorAnswer.safeParse(URL.canParse(text) ? undefined : safeJson(text));
  if (!parsed.success) return `status ${status}`;
  const { message, issues = [] } = parsed.data.error;
  return [message, ...issues.map((issue) => `${issue.path}: ${issue.message}`)].join(" ");
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The REST API as the demo uses it. Every refusal becomes a {@link DemoError} with the API's own words. */
export function makeApi({ url, apiKey }: Pick<DemoOptions, "url" | "apiKey">): Api {
  let wasReached = false;

  async function callOnce(method: string, path: string, body?: object): Promise<unknown> {
    const { status, text } = await fetch(`${url}/v1/${path}`, {
      method,
      headers: { authorization: `Bearer ${apiKey}`, ...(body && { "content-type": "application/json" }) },
      ...(body && { body: JSON.stringify(body) }),
    })
      .then(async (answer) => ({ status: answer.status, text: await answer.text() }))
      .catch(() => {
        throw new AwayError(
          `Nothing answers at ${url}; start Switchyard with npm start, or name its gateway with --url.`,
        );
      });
    wasReached = true;
    if (status < 300) return JSON.parse(text);
    const Refusal = status === 503 ? AwayError : DemoError;
    throw new Refusal(`${method} /v1/${path.replace(/\?.*/, "")} was refused: ${explain(status, text)}`);
  }

  /** What is restarted in the middle of the demo comes back; every call here may be repeated. */
  async function call(method: string, path: string, body?: object): Promise<unknown> {
    const deadline = performance.now() + PATIENCE_MS;
    for (;;) {
      try {
        return await callOnce(method, path, body);
      } catch (error) {
        if (!(error instanceof AwayError) || !wasReached || performance.now() > deadline) throw error;
        await sleep(PAUSE_MS);
      }
    }
  }

  async function listAll<T extends z.ZodType>(collection: string, item: T, filters: Record<string, string>) {
    const all: z.infer<T>[] = [];
    let next: string | null = null;
    do {
      const query: URLSearchParams = new URLSearchParams({ ...filters, limit: PAGE, ...(next && { next }) });
      const answer = page(item).parse(await call("GET", `${collection}?${query}`));
      all.push(...answer.data);
      next = answer.pagination.next;
    } while (next);
    return all;
  }

  return {
    save: async (collection, resource) => Saved.parse(await call("PUT", collection, resource)),
    pause: async (connectionId) => void (await call("PUT", `connections/${connectionId}/pause`)),
    async listSince(from, sourceIds) {
      const filters = { from, source_id: sourceIds.join(",") };
      const [requests, events] = await Promise.all([
        listAll("requests", RequestSummary, filters),
        listAll("events", EventSummary, filters),
      ]);
      return { requests, events };
    },
  };
}
