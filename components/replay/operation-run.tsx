"use client";

import { useRouter } from "next/navigation";
import { Button } from "#components/ui/button.tsx";
import { CancelRest, ChangeCap } from "./operation-actions.tsx";
import { OperationProgress } from "./operation-progress.tsx";
import { progressOf } from "./progress.ts";
import { ReplayFrame } from "./replay-frame.tsx";
import { useOperation } from "./use-operation.ts";
import { countWords, unitOf } from "./words.ts";

/** An operation in the dialog that started it. */
export function OperationRun({ id, close }: { id: string; close: () => void }) {
  const router = useRouter();
  const { data, samples } = useOperation(id);
  const isRunning = data?.state === "RUNNING";
  const count = data ? countWords(progressOf(data).total, unitOf(data)) : "";
  const verb = data?.kind === "events_cancel" ? ["Cancelling", "Cancelled"] : ["Replaying", "Replayed"];
  return (
    <ReplayFrame
      title={data ? `${verb[isRunning ? 0 : 1]} ${count}` : "Started"}
      closeLabel={isRunning ? "Close, it goes on" : "Close"}
      note={
        <button
          type="button"
          className="text-ink underline decoration-line-strong underline-offset-[3px]"
          onClick={() => {
            close();
            router.push(`/replays?open=${id}`);
          }}
        >
          Watch it in Replays
        </button>
      }
      footer={
        data && isRunning ? (
          <>
            <ChangeCap operation={data} />
            <CancelRest operation={data} />
          </>
        ) : (
          <Button size="lg" onClick={close}>
            Close
          </Button>
        )
      }
    >
      {data ? (
        <OperationProgress operation={data} samples={samples} />
      ) : (
        <p className="px-6 py-4 text-muted">Started.</p>
      )}
    </ReplayFrame>
  );
}
