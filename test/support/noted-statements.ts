// What calls ask of the database: two that ask for the same cannot be told apart by how long they take.
import { setTimeout as sleep } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import pg from "pg";
import { vi } from "vitest";
import { type Step, statementOf } from "#server/pipeline/steps.ts";

interface Said {
  text: string;
}
interface Pipeline {
  steps: Step[];
}

export interface Noted<T> {
  answer: T;
  /** The texts of all statements that this process sent meanwhile, sorted. Values are not noted. */
  statements: string[];
}

export interface NotedStatements {
  /**
   * Calls `ask` with the one and with the other. In between the process may ask for something of its own, and a statement that waits for a
   * connection may come after the answer of its call. So where the statements differ two others are asked for, ten times at most: what a
   * call asks for, it asks for each time.
   *
   * @param both the two of each try, from 0 on. No try may have those of another: what is remembered from there would be forgiven.
   */
  ofBoth<I, T>(ask: (input: I) => Promise<T>, both: (tried: number) => Promise<[I, I]>): Promise<[Noted<T>, Noted<T>]>;
  [Symbol.dispose](): void;
}

const TRIES = 10;
const PAUSE_MS = 20;

/** Notes every statement on its way to the server, and lets it go there. */
export function noteStatements(): NotedStatements {
  const query = vi.spyOn(pg.Client.prototype, "query");
  async function during<T>(work: () => Promise<T>): Promise<Noted<T>> {
    query.mockClear();
    const answer = await work();
    const calls = query.mock.calls as unknown as [string | Said | Pipeline][];
    return { answer, statements: calls.flatMap(([said]) => textsOf(said)).toSorted() };
  }
  return {
    async ofBoth(ask, both) {
      for (let tried = 0; ; tried++) {
        const [one, other] = await both(tried);
        const [first, second] = [await during(() => ask(one)), await during(() => ask(other))];
        if (tried === TRIES - 1 || isDeepStrictEqual(first.statements, second.statements)) return [first, second];
        await sleep(PAUSE_MS);
      }
    },
    [Symbol.dispose]: () => query.mockRestore(),
  };
}

function textsOf(said: string | Said | Pipeline): string[] {
  if (typeof said === "string") return [said];
  return "steps" in said ? said.steps.map((step) => statementOf(step).text) : [said.text];
}
