import { createFluentSender } from "fluent-logger";

/** Sends one record in Fluentd's forward protocol and waits until the receiver has acknowledged it. */
export async function sendFluentd(host: string, correlationId: string): Promise<void> {
  const sender = createFluentSender<object>("app", {
    host,
    port: 24224,
    timeout: 10,
    requireAckResponse: true,
    ackResponseTimeout: 10_000,
  });
  const record = { message: `order shipped ${correlationId}`, level: "info", correlation_id: correlationId };
  await new Promise<void>((resolve, reject) => {
    // Connection faults are told to listeners, not to the callback, which would then wait for ever.
    (sender as unknown as { on(event: "error", listener: (error: Error) => void): void }).on("error", reject);
    sender.emit("e2e", record, (error) => (error ? reject(error) : resolve()));
  });
  await new Promise<void>((resolve) =>
    sender.end("e2e", { ...record, message: `order closed ${correlationId}` }, () => resolve()),
  );
}
