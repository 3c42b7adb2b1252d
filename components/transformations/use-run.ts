"use client";

import { useCallback, useEffect, useRef, useState } from "react";
import { ALONE, useTRPCClient } from "#components/data/trpc-provider.tsx";
import type { TransformationRun } from "#server/contracts/transformation.ts";
import type { Input } from "./use-inputs.ts";

/** After the last letter, so that nothing runs in the middle of a word. */
const PAUSE_MS = 500;

export interface Run {
  /** The last answer, which stays while the next is on its way. */
  answer: TransformationRun | undefined;
  isRunning: boolean;
  /** Why there is no answer: the call itself was refused or lost. */
  refusal: string | undefined;
  /** At once, whatever ran. */
  runNow: () => void;
}

interface Asked {
  id: string;
  code: string;
  isSaved: boolean;
  /** The saved version: its env may be another one though the code is the same. */
  version: number;
  input: Input;
  /** False for whoever may only read. */
  isAllowed: boolean;
}

/** Runs the code on the input: after a pause in typing, and when it is asked to. A run whose answer nobody waits for is given up. */
export function useRun(asked: Asked): Run {
  const api = useTRPCClient();
  const [state, setState] = useState<Omit<Run, "runNow">>({ answer: undefined, isRunning: false, refusal: undefined });
  const under = useRef<AbortController>(undefined);
  const latest = useRef(asked);
  latest.current = asked;

  const run = useCallback(async () => {
    const { id, code, isSaved, input, isAllowed } = latest.current;
    under.current?.abort();
    if (!isAllowed || input.kind === "none") return;
    const call = new AbortController();
    under.current = call;
    setState((before) => ({ ...before, isRunning: true }));
    try {
      const answer = await api.transformations.run.mutate(
        {
          transformation_id: id,
          ...(isSaved ? {} : { code }),
          ...(input.kind === "stored" ? { request_id: input.id } : { request: input.request }),
        },
        { signal: call.signal, context: ALONE },
      );
      if (!call.signal.aborted) setState({ answer, isRunning: false, refusal: undefined });
    } catch (error) {
      if (call.signal.aborted) return;
      const refusal = error instanceof Error ? error.message : "The server did not answer.";
      setState({ answer: undefined, isRunning: false, refusal });
    }
  }, [api]);

  const { code, version, isAllowed } = asked;
  const inputKey = asked.input.kind === "none" ? undefined : asked.input.key;
  const typed = useRef(code);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another version is another run
  useEffect(() => {
    if (!isAllowed || inputKey === undefined) return;
    const pauseMs = typed.current === code ? 0 : PAUSE_MS;
    typed.current = code;
    const timer = setTimeout(() => void run(), pauseMs);
    return () => {
      clearTimeout(timer);
      under.current?.abort();
      setState((before) => ({ ...before, isRunning: false }));
    };
  }, [code, version, inputKey, isAllowed, run]);

  return { ...state, runNow: () => void run() };
}
