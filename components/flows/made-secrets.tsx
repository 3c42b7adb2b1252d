import { Button } from "#components/ui/button.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";
import type { AppliedFlows } from "#server/contracts/flow.ts";

interface MadeSecretsProps {
  secrets: AppliedFlows["made_secrets"];
  onClose: () => void;
}

/** Signing secrets that were made just now: they are shown this once. */
export function MadeSecrets({ secrets, onClose }: MadeSecretsProps) {
  if (secrets.length === 0) return null;
  return (
    <section aria-label="New signing secrets" className="mb-3 rounded-lg border border-line bg-surface px-4 py-3">
      <h2 className="font-semibold">Signing secrets, shown this once</h2>
      <ul className="mt-1.5 grid gap-1">
        {secrets.map(({ destination_id: id, name, signing_secret: secret }) => (
          <li key={id} className="flex flex-wrap items-center gap-2">
            <span className="font-medium font-mono">{name}</span>
            <code className="min-w-0 font-mono text-xs [overflow-wrap:anywhere]">{secret}</code>
            <CopyButton text={secret} what={`signing secret of ${name}`} />
          </li>
        ))}
      </ul>
      <Button size="sm" className="mt-2" onClick={onClose}>
        I have them
      </Button>
    </section>
  );
}
