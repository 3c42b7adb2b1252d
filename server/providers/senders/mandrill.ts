import { readForm, sortedForm } from "#server/providers/form-body.ts";
import type { HmacScheme } from "#server/providers/hmac-scheme.ts";
import { makeProvider } from "#server/providers/make-provider.ts";
import { answerHead } from "#server/providers/probes.ts";
import { signedBy } from "#server/providers/signed.ts";

const scheme: HmacScheme = {
  algorithm: "sha1",
  encoding: "base64",
  covers: "URL and form",
  toleranceSeconds: null,
  read(inbound, _header, values) {
    const form = readForm(inbound.body);
    if (!form) return { kind: "unreadable", detail: "The form is larger than any that Mandrill sends." };
    const signed = sortedForm(form);
    return {
      kind: "read",
      candidates: values,
      messages: inbound.urls.map((url) => ({ parts: [Buffer.from(url, "utf8"), signed], timestampMs: null })),
      checked: inbound.urls,
    };
  },
};

/** The URL must be the one that was given to Mandrill. */
export const mandrill = makeProvider(
  {
    name: "mandrill",
    title: "Mandrill",
    tile: "Ml",
    docs: "https://mailchimp.com/developer/transactional/guides/track-respond-activity-webhooks/",
    isConfirmed: true,
  },
  signedBy(["x-mandrill-signature"], scheme),
  // A message has one id for all of its events, and two clicks may come in one second.
  { list: { at: "mandrill_events", type: "event", id: "_id+event+ts" }, isIdShared: true },
  {
    handshake: answerHead,
    sample: (id) => ({ headers: [], form: { mandrill_events: JSON.stringify([{ event: "send", _id: id, ts: 0 }]) } }),
  },
);
