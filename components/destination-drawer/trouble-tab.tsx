"use client";

import { useMay } from "#components/data/may.tsx";
import { SentenceErrors, SwitchRow, WordField } from "#components/resource-form/fields.tsx";
import { useFormField } from "#components/resource-form/form-context.ts";
import type { Destination } from "#server/contracts/destination.ts";
import { BreakerNow } from "./breaker-now.tsx";
import { BreakerTimeline } from "./breaker-timeline.tsx";
import { DeadLetters } from "./dead-letters.tsx";
import type { DestinationActs } from "./use-destination.ts";

interface TroubleProps {
  destination: Destination;
  acts: DestinationActs;
}

/** What happens when the receiver fails: when it is left alone, and what becomes of events that fail for good. */
export function TroubleTab({ destination, acts }: TroubleProps) {
  const mayWrite = useMay("destination.write");
  return (
    <fieldset disabled={!mayWrite} className="grid min-w-0 gap-5 p-4">
      <legend className="sr-only">Trouble</legend>
      <section aria-label="Breaker" className="grid gap-3">
        <h3 className="font-semibold text-xs">Breaker</h3>
        <BreakerNow destination={destination} acts={acts} mayWrite={mayWrite} />
        <BreakerSentence />
        <BreakerTimeline />
        <BreakerSwitches isDisabled={!mayWrite} />
      </section>
      <DeadLetters id={destination.id} />
    </fieldset>
  );
}

const at = (name: string) => `config.breaker.${name}`;
const WORDS = [
  "consecutive_failures",
  "failure_share",
  "window_ms",
  "min_tries",
  "probe_min_ms",
  "probe_max_ms",
  "good_probes",
];

function BreakerSentence() {
  return (
    <div>
      <p className="text-base leading-9 pointer-coarse:leading-12">
        Opens after{" "}
        <WordField field={at("consecutive_failures")} label="Failures in a row" placeholder="no" width={3} /> failures
        in a row, or <WordField field={at("failure_share")} label="Share of failures" placeholder="no" width={5} /> of
        the tries in <WordField field={at("window_ms")} label="Span of the share" width={5} />, if they are{" "}
        <WordField field={at("min_tries")} label="Tries that a share needs" width={3} /> or more. Probes after{" "}
        <WordField field={at("probe_min_ms")} label="Wait before the first probe" width={4} />, then twice as long, up
        to <WordField field={at("probe_max_ms")} label="Longest wait for a probe" width={5} />. Closes after{" "}
        <WordField field={at("good_probes")} label="Good probes" width={2} /> good ones.
      </p>
      <SentenceErrors fields={WORDS.map(at)} />
    </div>
  );
}

const NO_RAMP = "0 s";
const USUAL_RAMP = "1 min";

function BreakerSwitches({ isDisabled }: { isDisabled: boolean }) {
  const timeouts = useFormField(at("count_timeouts"));
  const ramp = useFormField(at("ramp_ms"));
  const ramps = !/^0(?:\s|$)/.test(String(ramp.value).trim());
  return (
    <>
      <SwitchRow
        title="Count a time-out as a failure"
        about="Also DNS, refused, reset, TLS. Never 4xx except 429."
        isOn={timeouts.value === true}
        onChange={timeouts.set}
        isDisabled={isDisabled}
      />
      <SwitchRow
        title="Slow start after closing"
        about={
          ramps ? (
            <>
              The whole speed within <WordField field={at("ramp_ms")} label="Length of the slow start" width={5} />, so
              that the backlog does not knock it over again.
            </>
          ) : (
            "Off: the whole backlog goes at once."
          )
        }
        isOn={ramps}
        onChange={(isOn) => ramp.set(isOn ? USUAL_RAMP : NO_RAMP)}
        isDisabled={isDisabled}
      />
      <SentenceErrors fields={[at("ramp_ms")]} />
    </>
  );
}
