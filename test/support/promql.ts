import { parser } from "@prometheus-io/lezer-promql";

export interface Asked {
  metrics: string[];
  /** Names of labels that are matched or grouped by. */
  labels: string[];
}

/** Reads an expression by Prometheus' own grammar. Throws at what is none. */
export function readPromql(expression: string): Asked {
  const asked: Asked = { metrics: [], labels: [] };
  parser.parse(expression).iterate({
    enter({ type, name, from, to, node }) {
      const text = expression.slice(from, to);
      if (type.isError) throw new Error(`${expression}: not understood at character ${from + 1}`);
      if (name === "LabelName") asked.labels.push(text);
      if (name === "Identifier" && node.parent?.name === "VectorSelector") asked.metrics.push(text);
    },
  });
  return asked;
}
