import { spawn, type ChildProcess } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { lokiRules, vmalertRules } from "../../alerts";
import { stackEnvironment } from "../../stacks";
import { notifier } from "../../stacks/loki/ruler";
import { freePort } from "../../tools/free-port";
import { describeWith } from "../support/programs";
import { everything } from "./support/environments";
import { Ruler } from "./support/loki";
import { Alertmanagers } from "./support/notified";
import { temporaryFolder, yamlOf } from "./support/promtool";
import { until } from "./support/until";

jest.setTimeout(120_000);

describeWith("vmalert", "a real vmalert", (binary) => {
  const alertmanagers = new Alertmanagers("first", "second");
  let vmalert: ChildProcess | undefined;
  beforeAll(async () => {
    await alertmanagers.listen();
    const rules = path.join(temporaryFolder(), "watchdog.yaml");
    fs.writeFileSync(rules, yamlOf({ groups: vmalertRules(everything("2"))["watchdog.yaml"] }));
    vmalert = spawn(
      binary,
      [
        `-rule=${rules}`,
        `-datasource.url=${alertmanagers.url}`,
        "-evaluationInterval=1s",
        "-disableAlertgroupLabel",
        `-httpListenAddr=127.0.0.1:${await freePort()}`,
        ...alertmanagers.urls.map((url) => `-notifier.url=${url}`),
      ],
      { stdio: "ignore" },
    );
  });
  afterAll(() => {
    vmalert?.kill("SIGKILL");
    alertmanagers.close();
  });

  test("tells every Alertmanager of its Watchdog", async () => {
    const told = await alertmanagers.toldOf("Watchdog");
    expect(told.map((labels) => labels?.["evaluator"])).toEqual(["vmalert", "vmalert"]);
  });
});

describeWith("loki", "a real Loki", (binary) => {
  const exclude = [{ service_name: "noisy*" }, { service_name: "till", cluster: "a" }];
  const environment = stackEnvironment("local", {
    cluster: "a",
    alerting: { alerts: { LogErrorsHigh: { exclude } } },
  });
  const alertmanagers = new Alertmanagers("first", "second");
  const ruler = new Ruler();
  beforeAll(async () => {
    await alertmanagers.listen();
    // As it is deployed, but with two Alertmanagers that are here.
    const told = { ...notifier(environment), alertmanager_url: alertmanagers.urls.join(",") };
    await ruler.start(binary, lokiRules(environment), told);
  });
  afterAll(async () => {
    await ruler.stop();
    alertmanagers.close();
  });

  test("tells every Alertmanager of its Watchdog, and of which cluster it is", async () => {
    const told = await alertmanagers.toldOf("Watchdog");
    expect(told).toEqual([1, 2].map(() => expect.objectContaining({ evaluator: "loki", cluster: "a" }) as object));
  });

  test("leaves out what an exclusion says, and nothing else", async () => {
    const services = ["cart", "noisy-1", "till"].flatMap((service_name) =>
      ["a", "b"].map((cluster) => ({ service_name, cluster })),
    );
    const now = Date.now();
    const lines = Array.from({ length: 30 }, (_, index) => [`${now - 2000 + index}000000`, `level=error ${index}`]);
    const pushed = services.map((stream) => ({ stream, values: lines }));
    expect(await ruler.push(pushed)).toBe(204);
    const fired = await until("alerts are active", 40, async () => {
      const { data } = await ruler.ask<{ data: { alerts: { labels: Record<string, string> }[] } }>(
        "/prometheus/api/v1/alerts",
      );
      const found = data.alerts.filter(({ labels }) => labels["alertname"] === "LogErrorsHigh");
      return found.length > 0 ? found : undefined;
    });
    const said = fired.map(({ labels }) => `${labels["service_name"]} in ${labels["cluster"]}`);
    expect(said.sort()).toEqual(["cart in a", "cart in b", "till in b"]);
  });
});
