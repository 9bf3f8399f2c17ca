import * as pulumi from "@pulumi/pulumi";
import { profileNames, readConfiguration } from "../../environment";
import { marked } from "../../program";
import { engineConfig } from "../../tools/stack-file";
import { parseEnvironment } from "../../stacks/environment";

const valueOf = (output: pulumi.Output<string> | undefined) =>
  new Promise<string>((resolve) => {
    if (output === undefined) throw new Error("there is no such secret");
    output.apply(resolve);
  });

describe("Pulumi's flat configuration", () => {
  test("the project's keys become values, of others nothing is known", () => {
    const { values } = readConfiguration({
      "observability:cluster": "shop",
      "observability:aws": '{"region":"us-west-2"}',
      "observability:stages": '["metrics"]',
      "aws:region": "eu-west-1",
      "observability-demo:cluster": "other",
    });
    expect(values).toEqual({ cluster: "shop", aws: { region: "us-west-2" }, stages: ["metrics"] });
  });

  test("text that only looks like an object stays text: its fault is found later, by its key", () =>
    expect(readConfiguration({ "observability:domain": "{example.com" }).values).toEqual({ domain: "{example.com" }));

  test("of secrets only the names are values; what they hold is marked secret", async () => {
    const { values, secrets } = readConfiguration({
      "observability:secrets": '{"slackUrl":"https://hooks.example.com/T0","pagerKey":"k"}',
    });
    expect(values).toEqual({ secrets: { slackUrl: "encrypted", pagerKey: "encrypted" } });
    expect(JSON.stringify(values)).not.toContain("hooks");
    const { slackUrl } = marked(secrets);
    expect(await valueOf(slackUrl)).toBe("https://hooks.example.com/T0");
    expect(await pulumi.isSecret(slackUrl as pulumi.Output<string>)).toBe(true);
  });

  test("a secret that was set in plain text is told apart, and what it holds stays out all the same", () => {
    const { values } = readConfiguration(
      { "observability:secrets": '{"slackUrl":"plain"}' },
      (value) => value === "plain",
    );
    expect(values).toEqual({ secrets: { slackUrl: "plain" } });
    expect(() => parseEnvironment("local", values)).toThrow("observability:secrets.slackUrl");
  });

  test("without any, there are none", () => {
    expect(readConfiguration({})).toEqual({ values: {}, secrets: {} });
  });
});

test("a key under a mistyped project name is a fault, not somebody else's business", () => {
  const { values } = readConfiguration({ "observabilty:cluster": "shop", "aws:region": "us-west-2" });
  expect(() => parseEnvironment("local", values)).toThrow(
    `environment "local" has 1 fault; nothing was deployed:
  observabilty:cluster
    is not a known key
    fix: did you mean "observability:cluster"?`,
  );
});

describe("the repository's own stack files", () => {
  const example = (name: string) => readConfiguration(engineConfig(name)).values;

  test.each(profileNames)("the example of %s is right", (name) => {
    expect(parseEnvironment(name, example(name)).profile).toBe(name);
  });

  test("they hold only what nobody can guess", () => {
    expect(example("local")).toEqual({});
    expect(Object.keys(example("dev")).sort()).toEqual(["aws", "cluster"]);
    expect(Object.keys(example("prod")).sort()).toEqual(["alerting", "aws", "cluster", "domain", "exposure"]);
  });
});
