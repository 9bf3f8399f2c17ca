import { EnvironmentError } from "../../environment";
import { exitCodeOf, parse, printed, typed, usage, UsageError, type Command } from "../../tools/cli";
import { CancelledError, EngineError } from "../../tools/engine/errors";
import { requestedTarget, targetFlags } from "../../tools/engine/target";
import { KitError } from "../../tools/testbed/shell";
import { messageOf } from "./support";

const up = { name: "up", summary: "Deploys.", flags: targetFlags } as const satisfies Command;
const target = (...argv: string[]) => {
  const values = parse(up, argv);
  if (values === "help") throw new Error("help was not asked for");
  return requestedTarget(up, values, {});
};

describe("arguments", () => {
  test("absent flags have their defaults", () => {
    expect(parse(up, [])).toEqual({ env: "local", context: undefined, kind: false, hermetic: false });
  });

  test("a command is named as one types it where it is", () => {
    expect([typed("start"), typed("review"), typed("review", "--base main")]).toEqual([
      "npm start",
      "npm run review",
      "npm run review -- --base main",
    ]);
    expect(typed("review", "--base main", true)).toBe("npx observability-stack review --base main");
  });

  test("a value may stand behind a blank or an equals sign", () => {
    expect(parse(up, ["--env", "dev", "--context=prod-eu"])).toMatchObject({ env: "dev", context: "prod-eu" });
  });

  test("a context that begins with a hyphen is taken only where it cannot be a forgotten value", () => {
    expect(parse(up, ["--context=-odd"])).toMatchObject({ context: "-odd" });
    expect(messageOf(() => parse(up, ["--context", "--kind"]))).toBe(
      "npm run up: --context needs a value: --context NAME\nnpm run up -- --help shows what there is",
    );
  });

  test("help wins over everything else", () => {
    expect(parse(up, ["--help", "--nonsense"])).toBe("help");
    expect(parse(up, ["-h"])).toBe("help");
  });

  test("every typo is named with the nearest flag, all in one error", () => {
    expect(messageOf(() => parse(up, ["--contxt", "x", "--hermatic", "kind", "--kind=yes", "--zzzzzz"]))).toBe(
      [
        "npm run up: unknown flag --contxt; did you mean --context?",
        "npm run up: unknown flag --hermatic; did you mean --hermetic?",
        "npm run up: --kind takes no value",
        "npm run up: unknown flag --zzzzzz",
        "npm run up -- --help shows what there is",
      ].join("\n"),
    );
  });

  test("a flag without its hyphens is named", () => {
    expect(messageOf(() => parse(up, ["hermetic"]))).toBe(
      'npm run up: unexpected argument "hermetic"; did you mean --hermetic?\nnpm run up -- --help shows what there is',
    );
  });

  test("flags of an object's prototype are unknown flags", () => {
    expect(() => parse(up, ["--constructor"])).toThrow(UsageError);
  });

  test("the help shows every flag with its value and default", () => {
    expect(usage(up)).toBe(
      [
        "Deploys.",
        "",
        "npm run up -- [FLAGS]",
        "  --env local|dev|prod  the environment: its settings stand in Pulumi.<env>.yaml (default local)",
        "  --context NAME        a cluster that you have, by its kube context",
        '  --kind                the kind cluster "observability" (context kind-observability); not verified',
        "  --hermetic            a Kubernetes node made on this machine from package registries; needs root",
        "  --help                this text",
      ].join("\n"),
    );
  });
});

describe("target", () => {
  const three = [
    "  npm run up -- --context NAME   a cluster that you have, by its kube context",
    '  npm run up -- --kind           the kind cluster "observability": kind create cluster --name observability',
    "  npm run up -- --hermetic       a Kubernetes node made on this machine from package registries; needs root",
  ];

  test("each flag asks for its target", () => {
    expect(target("--context", "a")).toEqual({ kind: "context", context: "a" });
    expect(target("--kind")).toEqual({ kind: "kind" });
    expect(target("--hermetic")).toEqual({ kind: "hermetic" });
  });

  test("without one, all three are shown and none is chosen", () => {
    expect(messageOf(() => target())).toBe(
      ["npm run up needs a target; a cluster is never chosen silently:", ...three].join("\n"),
    );
  });

  test("of two, none is chosen", () => {
    expect(messageOf(() => target("--kind", "--context", "a"))).toBe(
      ["npm run up takes one target, not 2:", ...three].join("\n"),
    );
  });

  test("a flag that npm kept because of a forgotten -- is explained", () => {
    const npm = { npm_lifecycle_event: "up", npm_config_hermetic: "true" };
    const none = { context: undefined, kind: false, hermetic: false };
    expect(messageOf(() => requestedTarget(up, none, npm))).toBe(
      [
        "npm run up needs a target; a cluster is never chosen silently:",
        ...three,
        "npm kept --hermetic for itself: flags come after a lone --, as above",
      ].join("\n"),
    );
  });
});

describe("errors", () => {
  test("the exit code tells a wrong command line from a fault and from Ctrl-C", () => {
    expect(
      [new UsageError("x"), new EngineError("x"), new CancelledError("x"), new TypeError("x")].map(exitCodeOf),
    ).toEqual([2, 1, 130, 1]);
  });

  test("foreseen errors print their message alone, others show where they arose", () => {
    const foreseen = [new UsageError("u"), new EngineError("e"), new KitError("k"), new EnvironmentError("dev", [])];
    for (const error of foreseen) expect(printed(error)).toBe(error.message);
    expect(printed(new TypeError("x is not a function"))).toMatch(
      /^this is a fault of the command itself:\nTypeError: x is not a function\n +at /,
    );
  });

  test("reason and fix stand on lines of their own, further lines indented", () => {
    expect(new EngineError("summary", { reason: "one\ntwo", fix: "do" }).message).toBe(
      "summary\n  reason: one\n    two\n  fix: do",
    );
  });
});
