import { compareAll } from "../../tools/review/compare";
import { marker, reviewComment } from "../../tools/review/comment";
import { pageLimit, reviewPage } from "../../tools/review/page";
import type { RenderedState } from "../../tools/review/refs";
import { attacks, hostile } from "./hostile";
import { panel, read, small, type Small } from "./pair";

const state = (name: string, environments: Record<string, Small>, failure?: string): RenderedState => ({
  name,
  commit: undefined,
  environments: new Map(Object.entries(environments).map(([key, value]) => [key, read(value, key)])),
  failure,
  notes: [],
});

function pages(before: RenderedState, after: RenderedState) {
  const reviews = compareAll(before.environments, after.environments);
  return { page: reviewPage(before, after, reviews), comment: reviewComment(before, after, reviews) };
}

const changed = (change: (environment: Small) => void) => {
  const environment = small();
  change(environment);
  return environment;
};

const shorter = ({ summary }: Small) => void (summary.retention["logs"] = "30d");

test("nothing changed is one line, and no section", () => {
  const { page, comment } = pages(state("main", { prod: small() }), state("head", { prod: small() }));
  expect(page).toContain("Nothing changed in prod.");
  expect(page).not.toContain("<h2");
  expect(comment.split("\n").filter(Boolean)).toEqual([
    marker,
    "### What this change does",
    "Nothing changed in prod. From main to head.",
    "Pictures and details: build/review/report.html.",
  ]);
});

test("environments that change the same way are told once in the comment", () => {
  const { comment } = pages(
    state("main", { dev: small(), prod: small() }),
    state("head", { dev: changed(shorter), prod: changed(shorter) }),
  );
  expect(comment).toContain("#### dev, prod");
  expect(comment.match(/#### /g)).toHaveLength(1);
  expect(comment).toContain("| high | retention of logs | 90d → 30d | 60d of history are lost, for good | dev, prod |");
});

test("risks stand before everything else, the largest first", () => {
  const { page } = pages(
    state("main", { prod: small() }),
    state("head", {
      prod: changed((environment) => {
        shorter(environment);
        Reflect.deleteProperty(environment.objects, "deny");
      }),
    }),
  );
  const places = ["critical</span>", "high</span>", 'id="security"', 'id="environment-prod"'].map((text) =>
    page.indexOf(text),
  );
  expect(places).toEqual([...places].sort((a, b) => a - b));
  expect(Math.min(...places)).toBeGreaterThan(0);
});

test("a base that can't be rendered is said, and head stands alone", () => {
  const { page, comment } = pages(state("main", {}, "Error: <broken>"), state("head", { prod: small() }));
  expect(page).toContain("Error: &lt;broken&gt;");
  expect(page).toContain("prod, head alone");
  expect(page).toContain("LokiErrors");
  expect(comment).toContain("could not be rendered");
});

test("an environment that is new is no list of risks about what it had before", () => {
  const { page } = pages(state("main", { dev: small() }), state("head", { dev: small(), prod: small() }));
  expect(page).toContain("This environment is new.");
});

describe("hostile text", () => {
  const { page, comment } = pages(state("main", { prod: small() }), state("<b>head", { prod: changed(hostile) }));

  test("never becomes an element or an attribute of the page", () => {
    expect(page).not.toMatch(/<(script|img|iframe|b)\b/i);
    // Without what stands in quotes: no element has an attribute that runs.
    expect(page.replaceAll(/="[^"]*"/g, '=""')).not.toMatch(/<[^>]*\son\w+\s*=/i);
    expect(page).not.toMatch(/(href|src)="(?!#|data:,")/);
    expect(page).toContain("&lt;script&gt;alert(1)&lt;/script&gt;");
  });

  test("shows characters that turn the direction of writing", () => {
    expect(page).toContain("‹U+202E›evil");
    expect(page).not.toContain("\u202e");
    expect(comment).not.toContain("\u202e");
  });

  test("is no markup, link or mention in the comment", () => {
    // What stands in fences is code; everything else has to be escaped.
    let fence = "";
    const outside = comment.split("\n").filter((line) => {
      const ticks = /^`{3,}/.exec(line)?.[0] ?? "";
      if (fence === "" && ticks !== "") fence = ticks;
      else if (fence !== "" && line === fence) fence = "";
      else return fence === "";
      return false;
    });
    expect(fence).toBe("");
    const text = outside
      .join("\n")
      .replaceAll(marker, "")
      .replaceAll(/<\/?(details|summary)>/g, "");
    expect(text).not.toContain("<");
    expect(text).not.toMatch(/(?<!\\)\]\(/);
    expect(text).not.toContain("@everyone");
    expect(text).not.toContain("http://");
  });

  test("is all there for those who read it", () => {
    for (const attack of attacks) {
      const letters = attack.replace(/[\u0000-\u001f\u202a-\u202e]/g, " ").match(/[a-z]{4,}/gi) ?? [];
      for (const word of letters) expect(page).toContain(word);
    }
  });
});

test("a huge change is cut with every block closed and a pointer to the page", () => {
  const { page, comment } = pages(
    state("main", { prod: small() }),
    state("head", {
      prod: changed(({ dashboards, objects }) => {
        for (let index = 0; index < 200; index += 1) {
          const board = structuredClone(dashboards["logs"]);
          if (board) dashboards[`b${index}`] = { ...board, uid: `b${index}`, title: `Board ${index}` };
          objects[`o${index}`] = {
            apiVersion: "v1",
            kind: "ConfigMap",
            metadata: { name: `o${index}-${"x".repeat(400)}` },
          };
        }
        dashboards["logs"]?.panels.push(panel(9, "Long", 0, 8, "x + ".repeat(30_000)));
      }),
    }),
  );
  expect(comment.length).toBeLessThan(65_536);
  expect(comment).toContain("The rest is too long for a comment");
  expect(comment.match(/<details>/g)?.length).toBe(comment.match(/<\/details>/g)?.length);
  expect(page.length).toBeLessThan(2_000_000);
});

test("a page too large for its pictures has the first of them, and every change in words", () => {
  const boards = 100;
  const wide = (expr: string) =>
    changed(({ dashboards }) => {
      const { logs } = dashboards;
      if (logs === undefined) throw new Error("there is no dashboard to copy");
      for (let index = 0; index < boards; index += 1) {
        const panels = Array.from({ length: 40 }, (_, id) => panel(id, `Panel ${id}`, 0, 8 * id, expr));
        dashboards[`b${index}`] = { ...logs, uid: `b${index}`, title: `Board ${index}.`, panels };
      }
    });
  const { page } = pages(state("main", { prod: wide("up") }), state("head", { prod: wide("up == 1") }));
  const said = /of (\d+) changed dashboards the first (\d+) are drawn\./.exec(page);
  expect(Number(said?.[1])).toBe(boards);
  expect(page.match(/<svg [^>]*role="img"/g)).toHaveLength(2 * Number(said?.[2]));
  expect(Buffer.byteLength(page)).toBeLessThan(pageLimit);
  // There was no room for one more.
  expect(Buffer.byteLength(page)).toBeGreaterThan(0.9 * pageLimit);
  for (let index = 0; index < boards; index += 1) expect(page).toContain(`<h4>Board ${index}.`);
});

test("a page too large for its texts names what they are about", () => {
  const filled = (value: string) =>
    changed(({ objects }) => {
      const data = Object.fromEntries(Array.from({ length: 100 }, (_, key) => [`key-${key}`, value.repeat(50)]));
      for (let index = 0; index < 60; index += 1) {
        const metadata = { name: `object-${index}` };
        objects[`o${index}`] = { apiVersion: "v1", kind: "ConfigMap", metadata, data };
      }
    });
  const { page } = pages(state("main", { prod: filled("before ") }), state("head", { prod: filled("after ") }));
  expect(page).toContain("resources and files are only named");
  expect(page).toContain("object-59");
  expect(page).not.toContain("after after");
  expect(Buffer.byteLength(page)).toBeLessThan(pageLimit);
});

test("every picture has a title and a text of its own", () => {
  const { page } = pages(
    state("main", { dev: small(), prod: small() }),
    state("head", {
      dev: changed(({ dashboards }) => void dashboards["logs"]?.panels.pop()),
      prod: changed(({ dashboards }) => void dashboards["logs"]?.panels.pop()),
    }),
  );
  const pictures = [...page.matchAll(/<svg [^>]*role="img" aria-labelledby="(\S+) (\S+)"/g)];
  // Before and after, once: the second environment has the same.
  expect(pictures).toHaveLength(2);
  expect(page).toContain('As in <a href="#environment-dev">dev</a>: Logs');
  for (const [, title = "", text = ""] of pictures) {
    expect(page.split(`id="${title}"`)).toHaveLength(2);
    expect(page.split(`id="${text}"`)).toHaveLength(2);
  }
  expect(page).toContain("Errors (timeseries), removed.");
});
