import { z } from "zod";
import { byteRate, bytes, cpu, label, lineRate, price, ratio, sampleRate, series, spanRate } from "./values";

/** What the stack has to carry. What is not stated is what the sizes of the profile carry (`sizing/load.ts`). */
export const loadSchema = z
  .strictObject({
    /** Samples that Prometheus takes each second. */
    samples: sampleRate,
    /** Series that are written at the same time. @default what `samples` are at the scrape interval */
    activeSeries: series,
    /** Log text, before it is compressed. */
    logBytes: byteRate,
    /** Log lines. @default `logBytes` at 500 B a line */
    logLines: lineRate,
    /** Spans that applications send, before sampling. */
    spans: spanRate,
    /** People who look at dashboards or search at the same time. */
    queryUsers: z.int().min(1).max(10_000),
    /**
     * Nodes of the cluster: the agent on each is sized for its share of the logs, and all of them are in the cost.
     * @default unknown: the agents are as large as the profile says, and in no sum
     */
    nodes: z.int().min(1).max(15_000),
  })
  .partial();

const quota = z.strictObject({
  cpu: z.strictObject({
    /** Sum of the CPU that pods reserve. */
    request: cpu,
    /** Sum of the CPU limits of pods. @default none: a pod needs no CPU limit */
    limit: cpu.optional(),
  }),
  memory: z.strictObject({
    /** Sum of the memory that pods reserve. */
    request: bytes,
    /** Sum of the memory limits of pods. */
    limit: bytes,
  }),
  storage: z.strictObject({
    /** The claims of the first deployment together, and each one alone. @default none */
    initial: bytes.optional(),
    /** Sum of all volume claims. */
    limit: bytes,
  }),
});
export type Quota = z.output<typeof quota>;

export const quotasSchema = z.strictObject({
  /** Namespaces of applications that get the quota `application` each; they exist already. */
  applicationNamespaces: z.array(label),
  /** What the pods of one application namespace may take together. */
  application: quota,
  /** What the pods of the stack may take together. @default their sum, `headroom`, and room for a rolling update */
  stack: quota.optional(),
  /** Share that is added to the sum of the stack's requests, limits and volumes for its own quota. */
  headroom: ratio,
});

export const costSchema = z.strictObject({
  /** In US dollars; the table in `environment/cost/prices.ts` says from when and where the defaults are. */
  prices: z.strictObject({
    /** One CPU for an hour. */
    cpuHour: price,
    /** One GiB of memory for an hour. */
    memoryGibHour: price,
    /** One GB of a volume for a month. */
    volumeGbMonth: price,
    /** One GB in S3 for a month. */
    s3GbMonth: price,
    /** A thousand requests to S3 that write or list. */
    s3PutThousand: price,
    /** A thousand requests to S3 that read. */
    s3GetThousand: price,
    /** One GB from one availability zone into another, both directions together. */
    crossZoneGb: price,
  }),
});
