import StatsD from "hot-shots";

/** Increments sent: UDP may lose some, so the count found may be lower, but never higher. */
const STATSD_INCREMENTS = 20;

/** Sends a counter and a gauge as StatsD over UDP. @returns how many increments left this process */
export async function sendStatsd(host: string, correlationId: string): Promise<number> {
  const client = new StatsD({ host, port: 8125, prefix: "e2e.statsd.", globalTags: { correlation_id: correlationId } });
  const send = (call: (done: (error?: Error) => void) => void) =>
    new Promise<void>((resolve, reject) => call((error) => (error ? reject(error) : resolve())));
  for (let count = 0; count < STATSD_INCREMENTS; count += 1) await send((done) => client.increment("orders", 1, done));
  await send((done) => client.gauge("queue_depth", 7, done));
  await new Promise<void>((resolve) => client.close(() => resolve()));
  return STATSD_INCREMENTS;
}
