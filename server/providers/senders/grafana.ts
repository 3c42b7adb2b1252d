import { overTemplate } from "#server/providers/hmac-shapes.ts";
import { makeProvider } from "#server/providers/make-provider.ts";
import { signedBy } from "#server/providers/signed.ts";

/**
 * As a contact point signs that names no timestamp header. Its page names the first of the headers for one that names none of
 * its own, and its source the second: `http/hmac.go` of grafana/alerting.
 */
export const grafana = makeProvider(
  {
    name: "grafana",
    title: "Grafana",
    tile: "Gf",
    docs: "https://grafana.com/docs/grafana/latest/alerting/configure-notifications/manage-contact-points/integrations/webhook-notifier/",
    isConfirmed: true,
  },
  signedBy(
    ["x-grafana-alerting-signature", "x-grafana-alert-signature"],
    overTemplate({ sign: "{body}", encoding: "hex" }),
    "token",
  ),
  { type: "status", occurredAt: "alerts.0.startsAt", resourceId: "groupKey", example: "firing" },
);
