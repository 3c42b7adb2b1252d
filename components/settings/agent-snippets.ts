// The lines that tell each kind of agent where the tools are. The key is never in them: a person puts it where the agent keeps
// secrets.

export interface AgentSnippet {
  value: "claude-code" | "cursor" | "vscode" | "program";
  label: string;
  code: string;
}

/** The name by which VS Code asks for the key. */
const INPUT = "switchyard-key";

const json = (value: object) => JSON.stringify(value, null, 2);

/** @param gateway without a trailing slash */
export const agentSnippets = (gateway: string): AgentSnippet[] => {
  const url = `${gateway}/mcp`;
  return [
    {
      value: "claude-code",
      label: "Claude Code",
      code: `claude mcp add --transport http switchyard ${url} \\\n  --header "Authorization: Bearer $KEY"`,
    },
    {
      value: "cursor",
      label: "Cursor",
      code: json({ mcpServers: { switchyard: { url, headers: { Authorization: "Bearer YOUR_API_KEY" } } } }),
    },
    {
      value: "vscode",
      label: "VS Code",
      code: json({
        inputs: [{ type: "promptString", id: INPUT, description: "API key of Switchyard", password: true }],
        servers: {
          switchyard: { type: "http", url, headers: { Authorization: `Bearer $\{input:${INPUT}}` } },
        },
      }),
    },
    {
      value: "program",
      label: "As a program",
      code: json({
        mcpServers: {
          switchyard: {
            command: "npx",
            args: ["switchyard", "mcp"],
            env: { SWITCHYARD_URL: gateway, SWITCHYARD_API_KEY: "YOUR_API_KEY" },
          },
        },
      }),
    },
  ];
};
