import { z } from "zod";
import type { ByProfile } from "../../environment/profile";
import { enabledWith, sections, size, statefulSettingsOf } from "../../environment/settings";
import { bytes } from "../../environment/values";

/** The port of its HTTP API. */
export const httpPort = 9090;

/**
 * What one scrape of an annotated pod may bring, under Prometheus' own names. A scrape that has more is refused whole, and
 * the pod counts as down: one application with an id in a label must not take the memory that all others need. Targets of
 * the cluster and of the stack grow with the cluster and have no such limit. 0 is no limit.
 */
const podLimits = z.strictObject({
  /** Samples after relabelling. `PodSamplesNearLimit` names the pod from four fifths on. */
  sampleLimit: z.int().min(0),
  /** Labels of a series. @default 40, as VictoriaMetrics 1.150 (`-maxLabelsPerTimeseries`), which ignores series with more */
  labelLimit: z.int().min(0),
  /** Bytes of a label's name. @default 256, as VictoriaMetrics 1.150 (`-maxLabelNameLen`) */
  labelNameLengthLimit: z.int().min(0),
  /** Bytes of a label's value. @default 4096, as VictoriaMetrics 1.150 (`-maxLabelValueLen`) */
  labelValueLengthLimit: z.int().min(0),
  /** The answer, not compressed. @default 1 KiB for each sample */
  bodySizeLimit: bytes,
});

/** What may be written at `observability:systems.prometheus`. */
export const settings = statefulSettingsOf(
  sections([
    "global",
    "alerting",
    "rule_files",
    "scrape_configs",
    "remote_write",
    "remote_read",
    "storage",
    "otlp",
    "tracing",
    "runtime",
  ]),
).extend({
  /** Parts of the targets, each scraped by `replicas` of its own; rules across targets then run on VictoriaMetrics. */
  shards: z.int().min(1).max(50),
  podLimits,
});

declare module "../../environment/composition" {
  interface Systems {
    readonly prometheus: z.output<typeof settings>;
  }
}

/** A target of an application has some thousand samples; ten times that is a mistake in all but the largest environments. */
const limited = (sampleLimit: number, bodySizeLimit: string) => ({ podLimits: { sampleLimit, bodySizeLimit } });

/** What stands there before anybody writes a line. */
export const defaults = {
  settings: {
    all: { shards: 1, podLimits: { labelLimit: 40, labelNameLengthLimit: 256, labelValueLengthLimit: 4_096 } },
    local: { ...enabledWith(1, size("100m", "256Mi", "1Gi"), "5Gi"), ...limited(10_000, "10Mi") },
    dev: { ...enabledWith(1, size("500m", "2Gi", "3Gi"), "20Gi"), ...limited(20_000, "20Mi") },
    prod: { ...enabledWith(2, size("2", "6Gi", "8Gi"), "50Gi"), ...limited(50_000, "50Mi") },
  },
} as const satisfies { readonly settings: ByProfile; readonly section?: ByProfile };
