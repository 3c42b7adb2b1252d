"use client";

import { CopyAsCurl } from "#components/data/copy-as-curl.tsx";
import { DiffView } from "#components/data/diff-view.tsx";
import { HeadersView } from "#components/data/headers-view.tsx";
import { JsonView } from "#components/data/json-view.tsx";
import { Waterfall } from "#components/data/waterfall.tsx";
import { WhyList } from "#components/data/why-list.tsx";
import { SAMPLE_BODY, SAMPLE_DELIVERED, SAMPLE_REQUEST, SAMPLE_WHY, sampleWay } from "./data-events.ts";
import { Section } from "./section.tsx";

const box = "overflow-hidden rounded-lg border border-line bg-surface";

/** What the panel of an event is made of. */
export const DataPanels = ({ now }: { now: string }) => (
  <>
    <Section title="Timeline and why">
      <div className={`${box} p-5 max-md:p-3.5`}>
        <Waterfall event={sampleWay(Date.parse(now))} />
        <h3 className="mt-4 mb-1.5 font-semibold text-xs">Why</h3>
        <WhyList why={SAMPLE_WHY} />
      </div>
    </Section>
    <Section title="Payload, headers">
      <div className={box}>
        <JsonView
          label="Payload"
          text={SAMPLE_BODY}
          root="body"
          note="application/json"
          actions={<CopyAsCurl request={SAMPLE_REQUEST} />}
        />
        <HeadersView label="Headers" headers={SAMPLE_REQUEST.headers} />
      </div>
    </Section>
    <Section title="Original and delivered" isWide>
      <div className={box}>
        <DiffView label="Original and delivered" before={SAMPLE_BODY} after={SAMPLE_DELIVERED} />
      </div>
    </Section>
  </>
);
