import { trace, TraceFlags, type Context } from "@opentelemetry/api";
import { SamplingDecision, type Sampler, type SamplingResult } from "@opentelemetry/sdk-trace-node";

/**
 * At most so many spans each second from one tracer (E2), on average: what a second left over counts for the next, and no
 * longer. A trace that this process has begun to record stays whole, and what it takes beyond the limit is taken from what
 * comes after; above the limit new ones are not recorded, nor is what others have recorded before.
 */
export class SpanRateLimit implements Sampler {
  private readonly most: number;
  private left: number;
  private since: number;

  /**
   * @param spansPerSecond more than 0
   * @param now milliseconds of a clock that never goes back
   */
  constructor(
    private readonly spansPerSecond: number,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.most = Math.max(1, spansPerSecond);
    this.left = this.most;
    this.since = now();
  }

  shouldSample(parentContext: Context): SamplingResult {
    this.refill();
    const parent = trace.getSpanContext(parentContext);
    const recordedBefore = parent === undefined || (parent.traceFlags & TraceFlags.SAMPLED) !== 0;
    const within = parent !== undefined && parent.isRemote !== true;
    if (!recordedBefore || (!within && this.left < 1)) return { decision: SamplingDecision.NOT_RECORD };
    this.left -= 1;
    return { decision: SamplingDecision.RECORD_AND_SAMPLED };
  }

  private refill(): void {
    const now = this.now();
    this.left = Math.min(this.most, this.left + ((now - this.since) / 1000) * this.spansPerSecond);
    this.since = now;
  }

  toString(): string {
    return `SpanRateLimit{${this.spansPerSecond}}`;
  }
}
