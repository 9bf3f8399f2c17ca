import { messageTemplates, receiverSecrets, receiverSecretsPath, templatesFile } from "../../alerts";
import { replicaUrls, urlOf, type Environment } from "../../environment";
import { dnsFlows, objectLabels, workloadEnd, type Flow, type WorkloadArgs } from "../kubernetes";
import { credentialFlows, flowToWrite } from "../reach";
import { sendsMessages, serviceAccountAnnotations } from "../storage/plan";
import { image, yaml, type SystemPlan } from "../system";
import { alertmanagerConfig } from "./config";
import { httpPort } from "./settings";

const gossipPort = 9094;
const secretName = "alertmanager-receivers";

/** Alertmanager; replicas gossip about what was sent, so that an alert reaches a person once. */
export function planAlertmanager(environment: Environment): SystemPlan {
  const { image: reference, version } = image(environment, "alertmanager");
  const settings = environment.systems.alertmanager;
  const { namespace } = environment;
  const config = {
    "alertmanager.yml": yaml(alertmanagerConfig(environment)),
    [templatesFile]: messageTemplates(environment),
  };
  const secrets = receiverSecrets(environment);
  const peers =
    settings.replicas > 1
      ? replicaUrls(environment, "alertmanager").map((url) => `${new URL(url).hostname}:${gossipPort}`)
      : [];
  const args: WorkloadArgs = {
    system: "alertmanager",
    component: "server",
    kind: "StatefulSet",
    namespace,
    image: reference,
    version,
    args: [
      "--config.file=/etc/alertmanager/config/alertmanager.yml",
      "--storage.path=/alertmanager",
      "--data.retention=120h",
      // Alone it needs no gossip, and an empty address turns it off.
      `--cluster.listen-address=${peers.length > 0 ? `0.0.0.0:${gossipPort}` : ""}`,
      ...peers.map((peer) => `--cluster.peer=${peer}`),
      "--log.format=json",
      // One reading of matchers, the one that the configuration and silences are written for.
      "--enable-feature=utf8-strict-mode",
    ],
    ports: {
      http: { port: httpPort },
      ...(peers.length > 0
        ? { gossip: { port: gossipPort }, "gossip-udp": { port: gossipPort, protocol: "UDP" } }
        : {}),
    },
    readiness: { path: "/-/ready", port: "http" },
    liveness: { path: "/-/healthy", port: "http" },
    replicas: settings.replicas,
    resources: settings.resources,
    user: 65534,
    ...(settings.volume ? { volume: { mountPath: "/alertmanager", size: settings.volume } } : {}),
    files: [{ name: "alertmanager-config", mountPath: "/etc/alertmanager/config", files: config, mode: "immutable" }],
    ...(secrets.length > 0 ? { secretFiles: [{ secret: secretName, mountPath: receiverSecretsPath }] } : {}),
    gracePeriod: 60,
    ...(sendsMessages(environment)
      ? { serviceAccountAnnotations: serviceAccountAnnotations(environment, "alertmanager") }
      : {}),
  };
  const self = workloadEnd(args);
  const gossip: Flow[] =
    peers.length > 0
      ? (["TCP", "UDP"] as const).map((protocol) => ({
          from: self,
          to: self,
          port: gossipPort,
          protocol,
          why: "gossip",
        }))
      : [];
  return {
    name: "alertmanager",
    version,
    workloads: [args],
    objects: [],
    secrets:
      secrets.length > 0
        ? [
            {
              name: secretName,
              namespace,
              labels: objectLabels("alertmanager", "server", version),
              data: Object.fromEntries(secrets.map((name) => [name, { setting: name }])),
            },
          ]
        : [],
    config,
    flows: [
      ...receiverFlows(environment, self),
      ...(sendsMessages(environment) ? credentialFlows(environment, self) : []),
      ...flowToWrite(environment, self, "tempo", "its own traces", 4317),
      ...gossip,
      ...dnsFlows(self),
    ],
    scrapeJobs: [
      {
        job: "alertmanager",
        namespace,
        system: "alertmanager",
        component: "server",
        port: "http",
        number: httpPort,
      },
    ],
  };
}

/** To the receivers: web hooks on the ports they name, mail on its own, all else on 443. */
function receiverFlows(environment: Environment, from: ReturnType<typeof workloadEnd>): Flow[] {
  if (urlOf(environment, "alertmanager") === undefined) return [];
  const ports = environment.alerting.receivers.map((receiver) => {
    if (receiver.kind === "email") return Number(receiver.smarthost.split(":")[1]);
    if (receiver.kind !== "webhook" || receiver.url === undefined) return 443;
    const { port, protocol } = new URL(receiver.url);
    return port === "" ? (protocol === "https:" ? 443 : 80) : Number(port);
  });
  return [...new Set(ports)]
    .sort((a, b) => a - b)
    .map((port): Flow => ({ from, to: "existing", port, protocol: "TCP", why: "notifies receivers" }));
}
