import { isDeployed, urlOf, type Environment } from "../environment";
import { absent, alertSeries, matches, max, not, quantity, scrape, vector } from "../signals";
import { alert, type Alert } from "./language";

const component = "alerting";
export const watchdogName = "Watchdog";
export const targetDownName = "TargetDown";
export const infoInhibitorName = "InfoInhibitor";

/** What watches the watching: the dead man's switch, targets that don't answer, and those that are not there at all. */
export const metaAlerts = (): Alert[] => [
  alert({
    name: watchdogName,
    component,
    severity: "none",
    when: vector(1, "state"),
    for: "0s",
    summary: () => "The alerting pipeline works.",
    description: () => "Always firing; whoever stops hearing it knows that alerts no longer arrive.",
  }),
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

/** Every value of `job` that has targets in an environment, besides what others bring along: CoreDNS, annotated pods. */
export function expectedJobs(environment: Environment): readonly string[] {
  const scraped = environment.composition.systems.filter(
    ({ name, scrapedWhereItExists = false }) =>
      isDeployed(environment, name) || (scrapedWhereItExists && urlOf(environment, name) !== undefined),
  );
  return [
    ...scraped.flatMap(({ name, jobs }) => jobs?.(environment) ?? [name]),
    "kubelet",
    "cadvisor",
    "apiserver",
    ...environment.controlPlane,
  ];
}

/** A job whose targets vanished gives no `up` that could be 0: each expected one is looked for by name. */
export function missingAlerts(environment: Environment): Alert[] {
  const all = expectedJobs(environment).map((job) =>
    alert({
      name: "TargetMissing",
      component,
      severity: "critical",
      pages: "alerting",
      dashboard: "overview",
      runbook: "Target",
      when: absent(scrape.up.where({ job })),
      for: "10m",
      labels: { job },
      summary: () => `Prometheus has no target of ${job}.`,
      description: () =>
        `Service discovery finds nothing for job ${job}: what it measures is unknown, and alerts on it are blind.`,
    }),
  );
  const [first] = all;
  return first === undefined ? [] : [{ ...first, levels: all.flatMap(({ levels }) => levels) }];
}
