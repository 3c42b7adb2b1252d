// What each file of a deployment may hold: of formats that no package has a schema of, the part that ours use. All else is refused, so whoever
// uses more of a format writes it down here first, out of its reference.
import { DNS_LABEL, DNS_NAME, FLAG, type JsonSchema, list, map, shape, text, whole, words } from "./json-schema.ts";

const NUMBER: JsonSchema = { type: "number" };
/** `1m30s`, as Compose, Prometheus and Grafana write it. */
const DURATION = text("^(?:\\d+(?:ms|[smhd]))+$");
const SIZE = text("^\\d+(?:[KMGT]i)$");
const VARIABLE = "[A-Z][A-Z0-9_-]*";
const PATH = text("^/");

const composeService = shape({
  "image?": text("^[a-z][a-z0-9./-]*(?::[\\w.-]+)?(?:@sha256:[0-9a-f]{64})?$"),
  "build?": text(),
  "command?": list(text()),
  "environment?": {
    anyOf: [
      map({ type: ["string", "number", "boolean", "null"] }, `^${VARIABLE}$`),
      list(text(`^${VARIABLE}(?:=.*)?$`)),
    ],
  },
  "ports?": list(text("^(?:[\\d.]+:)?\\d+:\\d+$")),
  "volumes?": list(text("^[a-z][a-z0-9_-]*:/[^:]+$")),
  "depends_on?": map(shape({ condition: words("service_started", "service_healthy") })),
  "healthcheck?": shape({ test: list(text()), interval: DURATION, timeout: DURATION, retries: whole(1) }),
  "stop_grace_period?": DURATION,
  "restart?": words("no", "always", "on-failure", "unless-stopped"),
});

/** https://github.com/compose-spec/compose-spec */
export const COMPOSE = shape({
  services: map(composeService, DNS_LABEL),
  "volumes?": map({ type: "null" }, DNS_LABEL),
});

const renderVariable = {
  oneOf: [
    shape({ key: text(`^${VARIABLE}$`), value: text() }),
    shape({ key: text(`^${VARIABLE}$`), generateValue: { const: true } }),
    shape({ key: text(`^${VARIABLE}$`), sync: { const: false } }),
    shape({
      key: text(`^${VARIABLE}$`),
      fromDatabase: shape({
        name: text(DNS_LABEL),
        property: words("host", "port", "user", "password", "database", "connectionString"),
      }),
    }),
  ],
};

/** https://render.com/docs/blueprint-spec */
export const RENDER = shape({
  services: list(
    shape({
      type: words("web", "worker", "pserv", "cron"),
      name: text(DNS_LABEL),
      runtime: words("docker", "image", "node"),
      "dockerfilePath?": text("^\\./"),
      plan: words("free", "starter", "standard", "pro", "pro plus", "pro max", "pro ultra"),
      "healthCheckPath?": PATH,
      "maxShutdownDelaySeconds?": whole(1, 300),
      envVars: list(renderVariable),
    }),
  ),
  databases: list(
    shape({
      name: text(DNS_LABEL),
      plan: text("^(?:free|(?:basic|pro|accelerated)-\\d+(?:mb|gb))$"),
      postgresMajorVersion: text("^1[1-8]$"),
      databaseName: text("^[a-z][a-z0-9_]*$"),
    }),
  ),
});

/** https://docs.railway.com/config-as-code/reference; its parser takes seconds as numbers alone. */
export const RAILWAY = shape({
  $schema: { const: "https://railway.com/railway.schema.json" },
  build: shape({ builder: words("DOCKERFILE", "RAILPACK"), dockerfilePath: text("^[^/]") }),
  deploy: shape({
    healthcheckPath: PATH,
    "healthcheckTimeout?": whole(1),
    restartPolicyType: words("ON_FAILURE", "ALWAYS", "NEVER"),
    drainingSeconds: whole(0),
  }),
});

/** https://prometheus.io/docs/prometheus/latest/configuration/alerting_rules */
export const ALERTS = shape({
  groups: list(
    shape({
      name: text(),
      "interval?": DURATION,
      rules: list(
        shape({
          alert: text("^[A-Za-z]\\w*$"),
          expr: text(),
          "for?": DURATION,
          labels: shape({ severity: words("page", "ticket") }),
          annotations: shape({ summary: text("\\.$"), description: text("\\.$") }),
        }),
      ),
    }),
  ),
});

const grafanaUnit = words("reqps", "short", "s", "bytes");
const grafanaPanel = shape({
  id: whole(1),
  type: words("timeseries"),
  title: text(),
  description: text(),
  datasource: shape({ type: words("prometheus"), uid: { const: `\${datasource}` } }),
  gridPos: shape({ h: whole(1), w: whole(1, 24), x: whole(0, 23), y: whole(0) }),
  fieldConfig: shape({
    defaults: shape({ unit: grafanaUnit, min: NUMBER }),
    overrides: {
      type: "array",
      items: shape({
        matcher: shape({ id: words("byFrameRefID"), options: text("^[A-Z]$") }),
        properties: list(shape({ id: words("unit"), value: grafanaUnit })),
      }),
    },
  }),
  targets: list(shape({ refId: text("^[A-Z]$"), expr: text(), legendFormat: text() })),
});

/** https://grafana.com/docs/grafana/latest/dashboards/build-dashboards/view-dashboard-json-model */
export const GRAFANA = shape({
  uid: text("^[a-zA-Z0-9_-]{1,40}$"),
  title: text(),
  tags: list(text()),
  timezone: words("", "browser", "utc"),
  schemaVersion: whole(36),
  refresh: DURATION,
  time: shape({ from: text("^now"), to: text("^now") }),
  templating: shape({
    list: list(shape({ name: { const: "datasource" }, type: words("datasource"), query: words("prometheus") })),
  }),
  panels: list(grafanaPanel),
});

/** https://kubectl.docs.kubernetes.io/references/kustomize/kustomization */
export const KUSTOMIZATION = shape({
  apiVersion: { const: "kustomize.config.k8s.io/v1beta1" },
  kind: { const: "Kustomization" },
  namespace: text(DNS_LABEL),
  resources: list(text("\\.yaml$")),
  "components?": list(text("^(monitor|backup|restore)$")),
  images: list(shape({ name: text(), newName: text(), newTag: text("^\\d+\\.\\d+\\.\\d+$") })),
});
export const COMPONENT = shape({
  apiVersion: { const: "kustomize.config.k8s.io/v1alpha1" },
  kind: { const: "Component" },
  "resources?": list(text("\\.yaml$")),
  "patches?": list(shape({ path: text("\\.yaml$") })),
});

const keyOfSecret = shape({ name: text(DNS_NAME), key: text("^[-._a-zA-Z0-9]+$") });
const BARMAN = words("barman-cloud.cloudnative-pg.io");
const compressed = shape({ compression: words("bzip2", "gzip", "snappy") });

const cluster = shape({
  instances: whole(1),
  imageName: text("^[a-z0-9./-]+:\\d+\\.\\d+-(?:minimal|standard|system)-[a-z]+$"),
  storage: shape({ size: SIZE }),
  walStorage: shape({ size: SIZE }),
  bootstrap: {
    oneOf: [
      shape({ initdb: shape({ database: text(), owner: text() }) }),
      shape({
        recovery: shape({
          source: text(),
          database: text(),
          owner: text(),
          "recoveryTarget?": shape({ targetTime: text("^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ$") }),
        }),
      }),
    ],
  },
  postgresql: shape({
    synchronous: shape({
      method: words("any", "first"),
      number: whole(1),
      dataDurability: words("required", "preferred"),
    }),
    parameters: map(text(), "^[a-z_]+$"),
  }),
  "plugins?": list(
    shape({
      name: BARMAN,
      isWALArchiver: FLAG,
      parameters: shape({ barmanObjectName: text(DNS_NAME), "serverName?": text(DNS_NAME) }),
    }),
  ),
  "externalClusters?": list(
    shape({
      name: text(),
      plugin: shape({
        name: BARMAN,
        parameters: shape({ barmanObjectName: text(DNS_NAME), serverName: text(DNS_NAME) }),
      }),
    }),
  ),
});

const podMonitor = shape({
  jobLabel: text(),
  selector: shape({ matchLabels: map(text()) }),
  podMetricsEndpoints: list(
    shape({
      port: text(DNS_LABEL),
      path: PATH,
      interval: DURATION,
      authorization: shape({ type: words("Bearer"), credentials: keyOfSecret }),
    }),
  ),
});

const scheduledBackup = shape({
  // With seconds: six fields.
  schedule: text("^(?:[\\d*/,-]+ ){5}[\\d*/,-]+$"),
  cluster: shape({ name: text(DNS_NAME) }),
  method: words("plugin"),
  pluginConfiguration: shape({ name: BARMAN }),
  backupOwnerReference: words("none", "self", "cluster"),
  "immediate?": FLAG,
});

const objectStore = shape({
  retentionPolicy: text("^[1-9]\\d*[dwm]$"),
  configuration: shape({
    destinationPath: text("^s3://"),
    "endpointURL?": text("^https://"),
    s3Credentials: shape({ accessKeyId: keyOfSecret, secretAccessKey: keyOfSecret }),
    wal: compressed,
    data: compressed,
  }),
});

/** Specs of the operators' kinds: cloudnative-pg.io, its plugin Barman Cloud, prometheus-operator.dev. */
const OPERATORS: Record<string, JsonSchema> = {
  "postgresql.cnpg.io/v1 Cluster": cluster,
  "postgresql.cnpg.io/v1 ScheduledBackup": scheduledBackup,
  "barmancloud.cnpg.io/v1 ObjectStore": objectStore,
  "monitoring.coreos.com/v1 PodMonitor": podMonitor,
};

/** @returns null for a kind that is none of an operator's */
export function operatorKind(apiVersion: string, kind: string): JsonSchema | null {
  const spec = OPERATORS[`${apiVersion} ${kind}`];
  if (!spec) return null;
  const metadata = shape({ name: text(DNS_NAME), "namespace?": text(DNS_LABEL), "labels?": map(text()) });
  return shape({ apiVersion: { const: apiVersion }, kind: { const: kind }, metadata, spec });
}
