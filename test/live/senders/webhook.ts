import { Answer, log, panic, type Routes } from "./server";

/** One alert of a notification; only what the suite reads. */
export interface NotifiedAlert {
  readonly status: "firing" | "resolved";
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly startsAt: string;
  /** Where the expression can be looked at. */
  readonly generatorURL: string;
  /** Of its labels: the same alert has the same one. */
  readonly fingerprint: string;
}

/** One notification as Alertmanager's webhook sends it; only what the suite reads. */
export interface Notification {
  readonly receivedAt: string;
  readonly status: "firing" | "resolved";
  /** Name of the receiver that it is for. */
  readonly receiver: string;
  readonly groupKey: string;
  readonly alerts: readonly NotifiedAlert[];
}

/** Keeps every notification that is posted to `/`, and hands them out at `GET /received`. */
export function webhook(): Routes {
  const received: Notification[] = [];
  return {
    "POST /": ({ body }) => {
      const notification = JSON.parse(body) as Omit<Notification, "receivedAt">;
      received.push({ ...notification, receivedAt: new Date().toISOString() });
      log("info", "notification", { alerts: notification.alerts.map(({ labels }) => labels["alertname"]) });
    },
    "GET /received": () => received,
  };
}

/** An annotated scrape target that can be stopped: then it answers 503, as a broken application does. */
export function target(): Routes {
  let running = true;
  return {
    "GET /metrics": () =>
      running ? new Answer(200, "# TYPE e2e_target_info gauge\ne2e_target_info 1\n") : new Answer(503, "stopped"),
    "POST /stop": () => void (running = false),
    "POST /resume": () => void (running = true),
    "POST /panic": panic,
  };
}
