import type { ReactNode } from "react";
import { useLive } from "#components/live/use-live.ts";
import { CopyButton } from "#components/ui/copy-button.tsx";

const createCommand = (gatewayUrl: string) =>
  `curl ${gatewayUrl}/v1/connections \\
  -H "Authorization: Bearer $SWITCHYARD_API_KEY" \\
  -H "Content-Type: application/json" \\
  -d '{"name": "first",
       "source": {"name": "first-source"},
       "destination": {"name": "first-receiver", "config": {"url": "http://127.0.0.1:4000/"}}}'`;

const sendCommand = (ingestUrl: string) =>
  `curl ${ingestUrl} \\
  -H "Content-Type: application/json" \\
  -d '{"id": "evt_1", "type": "order.created", "total": 4200}'`;

const RECEIVER_COMMAND = `node -e "require('http').createServer((q, s) => { console.log(q.method, q.headers['webhook-id']); s.end() }).listen(4000, '127.0.0.1')"`;

function Command({ text, what }: { text: string; what: string }) {
  return (
    <div className="mt-2 flex items-start rounded-md border border-line bg-canvas">
      {/* A command wider than the page is scrolled in its own box, which a keyboard must be able to reach. */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region needs focus to be scrolled by keys */}
      <pre tabIndex={0} className="min-w-0 flex-1 overflow-x-auto px-3 py-2 font-mono text-ink text-xs leading-[19px]">
        {text}
      </pre>
      <span className="p-1.5">
        <CopyButton text={text} what={what} />
      </span>
    </div>
  );
}

function Step({ number, title, children }: { number: number; title: string; children: ReactNode }) {
  return (
    <li className="grid grid-cols-[1.75rem_minmax(0,1fr)] py-4">
      <span className="font-medium text-accent">{number}</span>
      <div className="min-w-0">
        <h3 className="font-medium">{title}</h3>
        <div className="mt-1 text-base text-muted">{children}</div>
      </div>
    </li>
  );
}

interface FirstStepsProps {
  gatewayUrl: string;
  ingestUrl: string | null;
  /** Called when something has come. */
  onArrival: () => void;
}

/** What to do in a team that has not seen a request yet. */
export function FirstSteps({ gatewayUrl, ingestUrl, onArrival }: FirstStepsProps) {
  useLive(
    ["requests", "events"],
    ({ requests = [], events = [] }) => requests.length + events.length > 0 && onArrival(),
  );
  return (
    <section className="mt-6 rounded-lg border border-line bg-surface px-4 pt-4 sm:px-6" aria-labelledby="first-steps">
      <h2 id="first-steps" className="font-semibold text-base tracking-tight">
        Nothing has come in yet. Three steps to the first event:
      </h2>
      <ol className="mt-2 max-w-4xl divide-y divide-line">
        <Step number={1} title="Make a source and a destination">
          Put the API key that the first start printed into{" "}
          <code className="font-mono text-ink">SWITCHYARD_API_KEY</code>.
          <Command text={createCommand(gatewayUrl)} what="command that makes a connection" />
          <p className="mt-3">No receiver at hand? This one prints what it gets:</p>
          <Command text={RECEIVER_COMMAND} what="command that starts a receiver" />
        </Step>
        <Step number={2} title="Send a first webhook">
          {ingestUrl ? (
            <Command text={sendCommand(ingestUrl)} what="command that sends a webhook" />
          ) : (
            "The command with your source's own address appears here as soon as the source exists."
          )}
        </Step>
        <Step number={3} title="See it arrive">
          It shows up on this page within two seconds. For a lively start, run{" "}
          <code className="font-mono text-ink">npm run demo</code>.
        </Step>
      </ol>
    </section>
  );
}
