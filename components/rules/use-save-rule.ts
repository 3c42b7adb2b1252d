import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTRPC, useTRPCClient } from "#components/data/trpc-provider.tsx";
import type { RuleType } from "#components/graph-drawer/drawer-place.ts";
import { showToast } from "#components/ui/toasts.ts";
import type { Connection, SavedConnection } from "#server/contracts/connection.ts";
import type { Rule } from "#server/contracts/rule.ts";
import { isSameRule, withRule } from "./rule-list.ts";
import { RULE_LOOKS } from "./rule-words.ts";

type Refusal = Error & { data?: { code?: string } | null };
const isConflict = (error: unknown) => (error as Refusal).data?.code === "CONFLICT";
const ruleOf = (rules: readonly Rule[], type: RuleType) => rules.find((rule) => rule.type === type);

/**
 * Saves one rule of a connection. Where the connection was changed meanwhile, and this rule was not, the save is made again on
 * top of that; where this rule was, the refusal says who and what, and nothing is overwritten.
 */
export function useSaveRule(connection: Connection, type: RuleType) {
  const trpc = useTRPC();
  const api = useTRPCClient();
  const client = useQueryClient();
  const [conflict, setConflict] = useState<string | null>(null);

  const change = (on: Connection, rule: Rule | undefined): Promise<SavedConnection> =>
    api.connections.update.mutate({
      id: on.id,
      rules: withRule(on.rules, type, rule),
      if_updated_at: on.updated_at,
    });

  async function changeOnTop(rule: Rule | undefined): Promise<SavedConnection> {
    try {
      return await change(connection, rule);
    } catch (error) {
      if (!isConflict(error)) throw error;
      const fresh = await api.connections.get.query({ id: connection.id });
      if (!isSameRule(ruleOf(fresh.rules, type), ruleOf(connection.rules, type))) throw error;
      return change(fresh, rule);
    }
  }

  const told = (saved: Connection) =>
    Promise.all([
      client.setQueryData<Connection>(trpc.connections.get.queryKey({ id: saved.id }), saved),
      client.invalidateQueries({ queryKey: [["connections"]] }),
      client.invalidateQueries({ queryKey: [["topology"]] }),
    ]);

  const undo = (saved: Connection, before: Rule | undefined) => async () => {
    try {
      await told(await change(saved, before));
      showToast({ kind: "done", text: `${RULE_LOOKS[type].title} of ${saved.name} is as it was.` });
    } catch (error) {
      showToast({ kind: "failed", text: (error as Error).message });
    }
  };

  const mutation = useMutation({
    mutationFn: ({ rule, isOverwriting }: { rule: Rule | undefined; isOverwriting: boolean }) =>
      isOverwriting
        ? api.connections.get.query({ id: connection.id }).then((fresh) => change(fresh, rule))
        : changeOnTop(rule),
    onMutate: () => setConflict(null),
    onSuccess: async (saved, { rule }) => {
      const before = ruleOf(connection.rules, type);
      await told(saved);
      const done = rule ? "is saved: it holds for the next request." : "is removed.";
      showToast({
        kind: "done",
        text: `${RULE_LOOKS[type].title} of ${saved.name} ${done}`,
        action: { label: "Undo", run: () => void undo(saved, before)() },
      });
    },
    onError: (error) => {
      if (isConflict(error)) setConflict(error.message);
    },
  });
  const { error } = mutation;
  return {
    isBusy: mutation.isPending,
    conflict,
    error: error && !isConflict(error) ? error : null,
    save: (rule: Rule | undefined, isOverwriting = false) => mutation.mutateAsync({ rule, isOverwriting }),
    forgetConflict: () => setConflict(null),
  };
}
