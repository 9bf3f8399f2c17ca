import { missingParts } from "../../dashboards/runbooks";
import { shopPack } from "../../examples/shop";
import { catalogueOf, parseQuery, selectorsOf } from "../../signals";
import { composition } from "../../stacks/systems";
import { changes, filledIn, parseClaim, parseRunbook, placeholdersOf, runbooks } from "../support/runbooks";

/** Upper-case words of commands that are no placeholders. */
const words = /\b(?:DOWN|Q|NODE|[A-Z]{2,})\b/g;

/** Ours, with the pack that people copy. */
const packs = [...composition.packs, shopPack];
const catalogue = catalogueOf({ ...composition, packs });
const ofPacks = packs.flatMap((pack) =>
  Object.entries(pack.runbooks ?? {}).map(([name, text]) => parseRunbook(name, text)),
);
const pages = [...runbooks(), ...ofPacks];

describe.each(pages.map((page) => [page.name, page] as const))("runbook %s", (_, { text, check }) => {
  test("has its parts, and something to look at", () => {
    expect(missingParts(text)).toEqual([]);
    expect(text.trimEnd().split("\n").length).toBeLessThanOrEqual(40);
    expect(check).not.toEqual([]);
  });

  test("asks for what there is, and says what it finds where all is well", () => {
    for (const { language, text: query, healthy } of check) {
      if (language === "sh") continue;
      parseQuery(language, query);
      if (language !== "promql") continue;
      expect([query, () => parseClaim(healthy ?? "")]).toEqual([query, expect.any(Function)]);
      parseClaim(healthy ?? "");
      for (const { series, labels } of selectorsOf(query))
        if (!series.startsWith("slo:")) catalogue.require(series, labels);
    }
  });

  test("looks and changes nothing", () => {
    const commands = check.filter(({ language }) => language === "sh").map((step) => step.text);
    expect(commands.flatMap((command) => changes(command) ?? [])).toEqual([]);
    for (const command of commands) {
      const unknown = (command.replace(/'[^']*'|"[^"]*"/g, "").match(words) ?? []).filter(
        (word) => !placeholdersOf(word).some((name) => name === word),
      );
      expect([command, unknown]).toEqual([command, []]);
    }
  });
});

test("a claim is one of few forms, and holds or does not", () => {
  const holds = (claim: string, value: number) => parseClaim(claim).holds(value);
  expect([holds("below 5", 4), holds("below 5", 5), holds("at most 5 or nothing", 5), holds("0", 0)]).toEqual([
    true,
    false,
    true,
    true,
  ]);
  expect([holds("nothing", 1), holds("varies; seconds", 7), holds("above 0.9", 0.9)]).toEqual([false, true, false]);
  expect([parseClaim("1 or nothing").orNothing, parseClaim("1").orNothing]).toEqual([true, false]);
  for (const wrong of ["", "low", "below", "under 5", "0 or none"])
    expect(() => parseClaim(wrong)).toThrow("is no claim");
});

test.each([
  "kubectl -n observability delete pod loki-0",
  "kubectl -n NAMESPACE rollout restart deploy/DEPLOYMENT",
  "kubectl get pods | xargs kubectl delete pod",
  "kubectl -n observability exec loki-0 -- rm -rf /loki/wal",
  "kubectl debug node/NODE -it --image=busybox:1.37 -- chroot /host crictl rmi --prune",
  "kubectl debug node/NODE -it --image=busybox:1.37 -- chroot /host sh -c 'journalctl -u kubelet; systemctl restart kubelet'",
  "kubectl debug node/NODE -it --image=busybox:1.37 -- chroot /host journalctl --vacuum-size=500M",
  "curl -s -X POST localhost:13100/flush",
  "kubectl get pods > pods.txt",
  "kubectl debug node/NODE -it --image=busybox:1.37 -- chroot /host sysctl -w vm.swappiness=0",
  "kubectl debug node/NODE -it --image=busybox:1.37 -- chroot /host find /var/log -name '*.gz' -delete",
])("%s is no looking", (command) => expect(changes(command)).toBeDefined());

test.each([
  "kubectl -n observability logs -l app.kubernetes.io/name=loki --tail=200 | grep -iE 'error|delete'",
  "kubectl get csr | grep -v Approved",
  'kubectl -n NAMESPACE get pod POD -o jsonpath="{.spec.containers[*].resources}"',
  "kubectl -n observability port-forward svc/loki 13100:3100 >/dev/null & sleep 2; curl -s localhost:13100/ring; kill $!",
  "kubectl debug node/NODE -it --profile=sysadmin --image=busybox:1.37 -- chroot /host sh -c 'conntrack -L 2>/dev/null | wc -l'",
])("%s is", (command) => expect(changes(command)).toBeUndefined());

test("a page's commands, their claims and names are read from its Check section alone", () => {
  const page = parseRunbook(
    "Some",
    "**Check**\n\n```promql\n# healthy: 0; of each\nup\n```\n\n```sh\nkubectl get node NODE\n```\n\n**Mend**\n\n```sh\nkubectl delete node NODE\n```\n",
  );
  expect(page.check).toEqual([
    { language: "promql", text: "up", healthy: "0; of each" },
    { language: "sh", text: "kubectl get node NODE", healthy: undefined },
  ]);
  expect(filledIn("kubectl get node NODE", { NODE: "a" })).toBe("kubectl get node a");
  expect(() => filledIn("kubectl get node NODE", {})).toThrow("NODE has no value");
});
