// An agent: the official client over real HTTP.
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";

export interface AgentOptions {
  key: string;
  /** `auto` asks for today's protocol first; `legacy` speaks as clients of 2025 do. */
  mode?: "auto" | "legacy";
  headers?: Record<string, string>;
}

export type Agent = Awaited<ReturnType<typeof connectAgent>>;

/** @param origin of the server that has /mcp */
export async function connectAgent(origin: string, { key, mode = "auto", headers = {} }: AgentOptions) {
  const client = new Client({ name: "test", version: "1" }, { versionNegotiation: { mode } });
  await client.connect(
    new StreamableHTTPClientTransport(new URL("/mcp", origin), {
      requestInit: { headers: { authorization: `Bearer ${key}`, ...headers } },
    }),
  );
  return {
    client,
    toolNames: async () => (await client.listTools()).tools.map(({ name }) => name),
    /** What a tool answers; a refusal is thrown as its sentence. */
    // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever the tool answered
    async ask(name: string, input: Record<string, unknown> = {}): Promise<any> {
      const { isError, content, structuredContent } = await client.callTool({ name, arguments: input });
      if (!isError) return structuredContent;
      const [first] = content;
      throw new Error(first?.type === "text" ? first.text : "refused");
    },
    [Symbol.asyncDispose]: () => client.close(),
  };
}
