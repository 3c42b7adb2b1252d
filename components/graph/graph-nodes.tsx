"use client";

import type { NodeProps } from "@xyflow/react";
import { memo } from "react";
import { CardShell } from "./card-shell.tsx";
import { cardLabel } from "./card-words.ts";
import { ConnectionBody, ConnectionRow, EdgeBadges } from "./connection-card.tsx";
import { DestinationBody, DestinationRow } from "./destination-card.tsx";
import type { CardShape, FlowNode } from "./flow-elements.ts";
import { FoldCard } from "./fold-card.tsx";
import { useGraph } from "./graph-context.ts";
import type { Card } from "./graph-types.ts";
import { useSlice } from "./slice-store.ts";
import { SourceBody, SourceRow } from "./source-card.tsx";

/** Cards that are higher than these were laid out with room for a strip. */
const STRIP_FROM = { connection: 60, destination: 130 } as const;

/** What React Flow draws: it renders this one on each move of the card, and the card itself only when its own slice changed. */
export const GraphNode = ({ data }: NodeProps<FlowNode>) => <Drawn shape={data.shape} />;

const Drawn = memo(function Drawn({ shape }: { shape: CardShape }) {
  return shape.isFold ? <FoldCard shape={shape} /> : <OneCard shape={shape} />;
});

function OneCard({ shape }: { shape: CardShape }) {
  const { cards, go } = useGraph();
  const card = useSlice(cards, shape.id);
  if (!card) return null;
  return (
    <CardShell
      id={card.id}
      label={cardLabel(card)}
      shape={shape}
      onOpen={() => go.open(card.id)}
      className={card.isDisabled ? "border-dashed" : ""}
    >
      {(tabIndex, marks) => (
        <>
          {shape.isCompact ? (
            <Row card={card} tabIndex={tabIndex} marks={marks} />
          ) : (
            <Body card={card} tabIndex={tabIndex} marks={marks} shape={shape} />
          )}
          {card.kind === "connection" && shape.outPort ? (
            <EdgeBadges
              badges={card.badges}
              connectionId={card.id}
              top={shape.outPort.y + shape.outPort.height / 2 - 1}
              tabIndex={tabIndex}
            />
          ) : null}
        </>
      )}
    </CardShell>
  );
}

interface PartProps {
  card: Card;
  tabIndex: 0 | -1;
  marks: number;
}

function Body({ card, shape, ...rest }: PartProps & { shape: CardShape }) {
  switch (card.kind) {
    case "source":
      return <SourceBody card={card} {...rest} />;
    case "connection":
      return <ConnectionBody card={card} {...rest} hasStrip={shape.height > STRIP_FROM.connection} />;
    case "destination":
      return <DestinationBody card={card} {...rest} hasStrip={shape.height > STRIP_FROM.destination} />;
  }
}

function Row({ card, ...rest }: PartProps) {
  switch (card.kind) {
    case "source":
      return <SourceRow card={card} marks={rest.marks} />;
    case "connection":
      return <ConnectionRow card={card} {...rest} />;
    case "destination":
      return <DestinationRow card={card} marks={rest.marks} />;
  }
}
