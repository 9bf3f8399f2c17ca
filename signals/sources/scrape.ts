import { gauge, source } from "../source";

/** What Prometheus writes about each scrape and about its own alerts. */
export const scrape = source(
  {
    name: "scraping",
    jobs: [],
    targetLabels: ["cluster", "job", "instance", "namespace", "pod", "container", "node", "service_name"],
  },
  {
    up: gauge("state", [], "1 when the last scrape of the target worked"),
    scrape_duration_seconds: gauge("seconds", [], "How long the last scrape took"),
    scrape_samples_scraped: gauge("samples", [], "Samples of the last scrape"),
    scrape_samples_post_metric_relabeling: gauge("samples", [], "Samples of the last scrape that relabelling left"),
    scrape_series_added: gauge("count", [], "Series that the last scrape added"),
  },
  [
    {
      of: [
        "up",
        "scrape_duration_seconds",
        "scrape_samples_scraped",
        "scrape_samples_post_metric_relabeling",
        "scrape_series_added",
      ],
      labels: ["namespace", "pod", "container", "node", "service_name"],
      only: "for targets that are pods, and name their service",
    },
  ],
);
