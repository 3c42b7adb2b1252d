import type { ReactNode } from "react";

/** One part of a panel under its heading. */
export const Section = ({ title, note, children }: { title: string; note?: ReactNode; children: ReactNode }) => (
  <section className="border-line border-b px-5 py-3.5 max-md:px-3.5">
    <h2 className="mb-1.5 flex items-baseline gap-2 font-semibold text-sm">
      {title}
      {note === undefined ? null : <span className="font-normal text-muted text-xs">{note}</span>}
    </h2>
    {children}
  </section>
);

/** Names and values, one under the other. */
export const Facts = ({ facts }: { facts: readonly { name: string; value: ReactNode }[] }) => (
  <dl className="grid grid-cols-[92px_minmax(0,1fr)] gap-x-3 gap-y-1">
    {facts.map(({ name, value }) => (
      <div key={name} className="contents">
        <dt className="text-muted">{name}</dt>
        <dd className="[overflow-wrap:anywhere]">{value}</dd>
      </div>
    ))}
  </dl>
);
