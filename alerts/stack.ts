import { isDeployed, urlOf, type Environment, type EvaluatorName } from "../environment";
import { absent, alertSeries, matches, max, not, quantity, scrape, vector } from "../signals";
import { alert, type Alert } from "./language";

const component = "alerting";
export const watchdogName = "Watchdog";
export const targetDownName = "TargetDown";
export const targetMissingName = "TargetMissing";
export const infoInhibitorName = "InfoInhibitor";

/** The dead man's switch of one evaluator: each has its own, or one that is silent hides behind another. */
export const watchdog = (evaluator: EvaluatorName): Alert =>
  alert({
    name: watchdogName,
    component,
    severity: "none",
    when: vector(1, "state"),
    for: "0s",
    labels: { evaluator },
    summary: () => `The way from ${evaluator} to people works.`,
    description: () => "Always firing; whoever stops hearing it knows that alerts no longer arrive.",
  });

/** What watches the watching: the dead man's switch, targets that don't answer, and those that are not there at all. */
export const metaAlerts = (): Alert[] => [
  watchdog("prometheus"),
  alert({
    name: infoInhibitorName,
    component,
    severity: "none",
    when: max(alertSeries.ALERTS.where({ severity: "info", alertstate: "firing" }))
      .by("cluster", "namespace")
      .unless(
        max(
          alertSeries.ALERTS.where({
            severity: matches("warning|critical"),
            alertstate: "firing",
            alertname: not(infoInhibitorName),
          }),
        ).by("cluster", "namespace"),
      ),
    for: "0s",
    summary: ({ namespace }) => `Nothing but information about ${namespace}.`,
    description: () => "Keeps information back while nothing worse fires beside it; it is no alert of its own.",
  }),
  alert({
    name: targetDownName,
    component,
    severity: "warning",
    dashboard: "overview",
    runbook: "Target",
    when: scrape.up.equals(quantity(0, "state")),
    for: "1m",
    summary: ({ job, instance }) => `${job} on ${instance} can't be scraped.`,
    description: ({ job, instance }) =>
      `Prometheus has had no answer from ${instance} (${job}) for a minute: it is down, overloaded, or a network policy is in the way.`,
  }),
];

/** A value of `job` that has targets, and whether it pages that none of them is up. */
interface ExpectedJob {
  readonly job: string;
  readonly vital: boolean;
}

/** What Prometheus scrapes of every cluster: without the API server and its names nothing else works. */
const ofCluster: readonly ExpectedJob[] = [
  { job: "apiserver", vital: true },
  { job: "coredns", vital: true },
  { job: "kubelet", vital: false },
  { job: "cadvisor", vital: false },
];

/** Every value of `job` that has targets in an environment, besides annotated pods, which others bring along. */
export function expectedJobs(environment: Environment): readonly ExpectedJob[] {
  const scraped = environment.composition.systems.filter(
    ({ name, scrapedWhereItExists = false }) =>
      isDeployed(environment, name) || (scrapedWhereItExists && urlOf(environment, name) !== undefined),
  );
  return [
    ...scraped.flatMap(({ name, jobs, vital = false }) =>
      (jobs?.(environment) ?? [name]).map((job) => ({ job, vital })),
    ),
    ...ofCluster,
    ...environment.controlPlane.map((job) => ({ job, vital: false })),
  ];
}

/**
 * Jobs of which no target is up: all are down, or service discovery finds none, which gives no `up` that could be 0. Each
 * expected one is looked for by name. Of annotated pods nobody knows which there should be: those that are found and do not
 * answer, all of a service, are a ticket.
 */
export function missingAlerts(environment: Environment): Alert[] {
  const all = expectedJobs(environment).map(({ job, vital }) =>
    alert({
      name: targetMissingName,
      component,
      severity: vital ? "critical" : "warning",
      ...(vital ? { pages: "alerting" as const } : {}),
      dashboard: "overview",
      runbook: "Target",
      when: absent(scrape.up.where({ job }).equals(quantity(1, "state"))),
      for: vital ? "5m" : "10m",
      labels: { job },
      summary: () => `No target of ${job} is up.`,
      description: () =>
        `None of ${job} answers, or service discovery finds none: what it measures is unknown, and alerts on it are blind.`,
    }),
  );
  const [first] = all;
  const pods = alert({
    name: "AnnotatedPodsDown",
    component,
    severity: "warning",
    dashboard: "overview",
    runbook: "Target",
    when: max(scrape.up.where({ job: "pods" }))
      .by("cluster", "job", "namespace", "service_name")
      .equals(quantity(0, "state")),
    for: "10m",
    summary: ({ namespace, service_name }) => `No pod of ${namespace} ${service_name} can be scraped.`,
    description: ({ namespace }) =>
      `Every pod of it in ${namespace} that asks to be scraped fails to answer: what it measures is unknown.`,
  });
  if (first === undefined) return [pods];
  const pages = all.find((each) => each.pages !== undefined)?.pages;
  return [{ ...first, pages, labels: ["job"], levels: all.flatMap(({ levels }) => levels) }, pods];
}
