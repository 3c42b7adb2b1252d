"use client";

import Link from "next/link";
import { parseAsStringLiteral, useQueryState } from "nuqs";
import { agentSnippets } from "./agent-snippets.ts";
import { CodeSamples } from "./code-samples.tsx";
import { SubHead } from "./section.tsx";

const KINDS = ["claude-code", "cursor", "vscode", "program"] as const;

/** Where agents find their tools, and what to paste for each kind of them. */
export function ConnectAgent({ gatewayUrl }: { gatewayUrl: string }) {
  const [kind, setKind] = useQueryState("agent", parseAsStringLiteral(KINDS).withDefault("claude-code"));
  return (
    <>
      <SubHead>Connect an agent</SubHead>
      <p className="mb-2.5 text-ink-2">
        Agents find what fails and why by tools at{" "}
        <code className="font-mono text-[12.5px] [overflow-wrap:anywhere]">{gatewayUrl}/mcp</code>. They may do what
        their key may, and plan each change first.{" "}
        <Link href="/docs/agents" prefetch={false} className="underline underline-offset-2">
          What agents can do
        </Link>
      </p>
      <CodeSamples
        label="How to connect an agent"
        kind="Agent"
        samples={agentSnippets(gatewayUrl)}
        value={kind}
        onChange={(chosen) => void setKind(chosen)}
      />
    </>
  );
}
