import type { SystemSizing } from "./choice";

/** A span as it arrives, in bytes. */
export const spanBytes = 450;

/**
 * Compression of what lies in S3, a little less than `npm run bench -- --compression` measures for phoenix: lines of 489 B in
 * 143 B (3.4:1), spans of 410 B as they are sent in 123 B (3.3:1). The goal is 10:1 (H6).
 */
export const compression = { logs: 3, traces: 3 } as const;

/** Bytes that lie in S3 once the retention is full. */
export function objectBytes({ load, kept }: Parameters<SystemSizing>[0]): {
  readonly logs: number;
  readonly traces: number;
} {
  const logs = (load.logBytes.perSecond * kept.logs.seconds) / compression.logs;
  const traces = kept.traces.map(({ share, keep }) => load.spans.perSecond * share * spanBytes * keep.seconds);
  return { logs, traces: traces.reduce((sum, each) => sum + each, 0) / compression.traces };
}
