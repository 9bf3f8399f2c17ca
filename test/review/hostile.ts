import { panel, type Small } from "./pair";

/** What somebody who means harm would write into a title or a query. */
export const attacks = [
  "<script>alert(1)</script>",
  `"><img src=x onerror=alert(1)>`,
  "' onmouseover='alert(1)",
  "</title></svg><iframe src=//evil.example.com>",
  "javascript:alert(1)",
  "\u202eevil\u202c \u0007 bell",
  "| cell | [link](http://evil.example.com) ![x](http://evil.example.com/x.png) @everyone #1 `code` <b>",
  "```\n# heading\n</details>",
  "--> ]]> &lt; {{ $labels.job }} ${cluster}",
];

/** Puts every attack into every text that people write. */
export function hostile(environment: Small): void {
  const board = environment.dashboards["logs"];
  const all = attacks.join(" ");
  if (board) {
    board.title = all;
    board["description"] = all;
    attacks.forEach((attack, index) => {
      const each = panel(index + 10, attack, 0, 8 * (index + 1), attack);
      each.type = attack;
      each["description"] = attack;
      each["links"] = [{ url: attack }];
      each.fieldConfig.defaults.unit = attack;
      each.fieldConfig.defaults.thresholds.steps.push({ value: 1, color: attack });
      board.panels.push(each);
    });
  }
  for (const attack of attacks) {
    environment.rules.groups[0]?.rules.push({
      alert: attack,
      expr: attack,
      for: attack,
      labels: { severity: attack },
      annotations: { summary: attack },
    });
  }
  environment.alertmanager.route.routes.push({ matchers: [`severity=${JSON.stringify(all)}`], receiver: all });
  environment.alertmanager.receivers.push({ name: all, webhook_configs: [{ url: all }] });
  environment.objects["hostile"] = { apiVersion: "v1", kind: all, metadata: { name: all, namespace: all } };
  environment.summary.retention["logs"] = all;
  environment.aws[`bucket-logs`] = { name: all };
}
