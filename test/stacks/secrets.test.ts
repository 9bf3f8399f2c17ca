import { local, objectsOf, ofKind, planOf, renderedText } from "./support";

const environment = local({
  secrets: ["slackUrl", "pagerKey", "mailPassword", "grafanaPassword"],
  grafana: { adminPasswordSecret: "grafanaPassword" },
  alerting: {
    receivers: [
      { kind: "slack", name: "chat", channel: "#alerts", urlSecret: "slackUrl" },
      { kind: "pagerduty", name: "pager", routingKeySecret: "pagerKey" },
      {
        kind: "email",
        name: "mail",
        to: "team@example.com",
        from: "alerts@example.com",
        smarthost: "smtp.example.com:587",
        username: "alerts",
        passwordSecret: "mailPassword",
      },
    ],
  },
});
const plan = planOf(environment);

describe("secrets", () => {
  test("a plan holds no Secret object, only where each value comes from", () => {
    expect(ofKind(objectsOf(plan), "Secret")).toEqual([]);
    const sources = plan.systems.flatMap(({ secrets }) => secrets.map(({ name, data }) => [name, data]));
    expect(Object.fromEntries(sources)).toEqual({
      "grafana-admin": { "admin-user": { literal: "admin" }, "admin-password": { setting: "grafanaPassword" } },
      "alertmanager-receivers": {
        mailPassword: { setting: "mailPassword" },
        pagerKey: { setting: "pagerKey" },
        slackUrl: { setting: "slackUrl" },
      },
      "versitygw-root": { "access-key": { generate: 20 }, "secret-key": { generate: 40 } },
    });
  });

  test("receivers read theirs from files", () => {
    const config = plan.systems.find(({ name }) => name === "alertmanager")?.config["alertmanager.yml"];
    expect(config).toContain("api_url_file: /etc/alertmanager/secrets/slackUrl");
    expect(config).toContain("routing_key_file: /etc/alertmanager/secrets/pagerKey");
    expect(config).toContain("auth_password_file: /etc/alertmanager/secrets/mailPassword");
    expect(config).not.toMatch(/^\s*(api_url|routing_key|auth_password):/m);
  });

  test("containers get theirs by reference, never as a value", () => {
    const env = plan.systems
      .flatMap(({ workloads }) => workloads)
      .flatMap(({ env }) => env ?? [])
      .filter(({ name }) => /PASSWORD|SECRET|_KEY$|_KEY_ID$|TOKEN$/.test(name));
    expect(env.length).toBeGreaterThanOrEqual(7);
    for (const { name, value, valueFrom } of env) {
      expect([name, value]).toEqual([name, undefined]);
      expect(valueFrom?.secretKeyRef?.name).toMatch(/^(versitygw-root|grafana-admin)$/);
    }
  });

  test("nobody gets a default password: Grafana's is made up unless one is set", () => {
    const secrets = planOf(local()).systems.flatMap(({ secrets }) => secrets);
    const password = secrets.find(({ name }) => name === "grafana-admin")?.data["admin-password"];
    expect(password).toEqual({ generate: 24 });
    expect(renderedText(local())).not.toMatch(/admin_password|adminPassword/);
  });
});
