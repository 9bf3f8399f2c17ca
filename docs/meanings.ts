/**
 * What keys mean whose declaration in `environment/` carries no comment, or one that is too short for somebody who does
 * not read the code. `systems.*` stands for each system. A key of this list that the schema does not know is an error.
 */
export const meanings: Readonly<Record<string, string>> = {
  namespace: "Namespace of the stack. What needs access to the nodes lives in a second one, `<namespace>-agents`.",
  kubeContext:
    "Kube context that the environment belongs to: `pulumi up` deploys there, `npm run up` refuses every other. Default: the current one of the kubeconfig for `pulumi up`; `npm run up` is always told.",
  stages: "Which parts are deployed; a system is deployed when one of its stages is listed (see Stages below).",
  "aws.region": "Region of the buckets. Needed when `storage.kind` is `aws`.",
  "aws.account": "Account id, 12 digits in quotes. The AWS provider refuses every other account.",
  "aws.identity[pod-identity].kind": "Pods get their roles by EKS Pod Identity.",
  "aws.identity[irsa].kind": "Pods get their roles by the cluster's OIDC issuer (IRSA).",
  "storage.kind": "`aws` makes buckets and roles; `in-cluster` runs versitygw on one volume, which prod refuses.",
  "storage.prefix": "Objects lie under this prefix of a bucket. Empty: at the top of it.",
  "storage.protect":
    "The engine refuses to delete namespaces (and with them the volumes) and buckets; log objects keep deleted versions for a week.",
  "exposure.kind": "How Grafana is exposed once `domain` is set: an Ingress, or a Gateway with a route.",
  "exposure.hosts.grafana": "Host name of Grafana. Default: `grafana.<domain>`.",
  "images.pullSecrets": "Names of image pull secrets. They must exist in both namespaces.",
  storageClass: "Storage class of every volume. Default: the cluster's default class.",
  nodeSelector:
    "Labels of the nodes that the servers may run on, laid under those of a system. What runs on each node runs on all of them.",
  tolerations: "Tolerations of every pod, beside those of a system.",
  scrapeInterval: "How often Prometheus scrapes and evaluates rules.",
  "alerting.receivers": "Whom Alertmanager can tell. `prod` needs at least one.",
  "alerting.receivers[webhook].kind": "Posts Alertmanager's JSON to a URL.",
  "alerting.receivers[webhook].name": "Name of the receiver; unique.",
  "alerting.receivers[webhook].url": "The URL, when it is no secret. Either this or `urlSecret`.",
  "alerting.receivers[webhook].urlSecret": "Name of the secret that holds the URL.",
  "alerting.receivers[slack].kind": "A Slack channel.",
  "alerting.receivers[slack].name": "Name of the receiver; unique.",
  "alerting.receivers[slack].channel": "Channel, such as `#alerts`.",
  "alerting.receivers[slack].urlSecret": "Name of the secret that holds the incoming web hook's URL.",
  "alerting.receivers[pagerduty].kind": "A PagerDuty service (Events API v2).",
  "alerting.receivers[pagerduty].name": "Name of the receiver; unique.",
  "alerting.receivers[pagerduty].routingKeySecret": "Name of the secret that holds the routing key.",
  "alerting.receivers[opsgenie].kind": "OpsGenie.",
  "alerting.receivers[opsgenie].name": "Name of the receiver; unique.",
  "alerting.receivers[opsgenie].apiKeySecret": "Name of the secret that holds the API key.",
  "alerting.receivers[email].kind": "E-mail over SMTP.",
  "alerting.receivers[email].name": "Name of the receiver; unique.",
  "alerting.receivers[email].to": "Address of the recipient.",
  "alerting.receivers[email].from": "Address of the sender.",
  "alerting.receivers[email].smarthost": "Mail server, `host:port`.",
  "alerting.receivers[email].username": "User of the mail server.",
  "alerting.receivers[email].passwordSecret": "Name of the secret that holds the password.",
  "alerting.receivers[sms].kind": "A text message, through Amazon SNS.",
  "alerting.receivers[sms].name": "Name of the receiver; unique.",
  "alerting.receivers[sms].phoneNumber":
    "Number that gets it, with the country: `+491701234567`. Either this or `topicArn`.",
  "tempo.majorVersion":
    "Which line of Tempo is deployed. `3` needs Kafka for more than one replica (`tempo.kafka`, with `systems.tempo.mode: distributed`); `2` (2.10) is highly available without.",
  "loki.replicationFactor":
    "On how many replicas of Loki each line is kept. At least 3 in dev and prod; never more than `systems.loki.replicas`.",
  "loki.ingestionRateMb":
    "Megabytes of logs that Loki takes each second; bursts may be twice as large. The same limit holds for one stream.",
  "systems.*.replicas":
    "How many pods. There is one node_exporter and one Collector agent on each node whatever stands here; for the Collector it counts gateways and samplers. For Prometheus it counts those of each shard. kube-state-metrics and versitygw take 1, VictoriaMetrics up to 3, Grafana more only with a database, Tempo in one piece more only in majorVersion 2. It says nothing where parts run apart.",
  "systems.*.resources.requests.cpu": "CPU that is reserved for each pod.",
  "systems.*.resources.requests.memory": "Memory that is reserved for each pod.",
  "systems.*.resources.limits.memory":
    "Memory after which a pod is killed. Servers written in Go are told to stay below.",
  "systems.*.volume": "Size of the volume of each replica, of the systems that keep something.",
  "systems.*.storageClass": "Storage class of the system's volumes. Default: `storageClass`.",
  "systems.*.nodeSelector": "Labels of the nodes that the system's pods may run on, laid over `nodeSelector`.",
  "systems.*.tolerations": "Tolerations of the system's pods, beside `tolerations`.",
  "systems.*.agentResources.requests.cpu": "CPU that is reserved for the Collector's agent on each node.",
  "systems.*.agentResources.requests.memory": "Memory that is reserved for the agent on each node.",
  "systems.*.agentResources.limits.cpu": "CPU limit of the agent. Default: none.",
  "systems.*.agentResources.limits.memory": "Memory after which the agent is killed.",
  "systems.*.config.agent": "Merged over the configuration of the Collector's agents.",
  "systems.*.config.gateway": "Merged over the configuration of the Collector's gateways.",
  "systems.*.config.sampler": "Merged over the configuration of the Collector's samplers.",
  secrets:
    "Secret values by name: `pulumi config set --secret --path observability:secrets.slackUrl <url>`. Other keys name them. Only the names are part of the plan.",
};
