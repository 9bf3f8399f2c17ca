import { compareVersions, findToolchain, type PluginName } from "../../tools/engine/toolchain";
import { cleanUp, messageOf, script, temporaryFolder } from "./support";

afterAll(cleanUp);

/** A CLI that says what the real one says. */
function cli(version: string, plugins = "[]"): string {
  const folder = temporaryFolder();
  script(folder, "pulumi", `if [ "$1" = version ]; then echo '${version}'; else echo '${plugins}'; fi`);
  return folder;
}

const find = (folder: string, plugins: PluginName[] = []) => findToolchain(plugins, undefined, { PATH: folder });
const plugin = (name: string, version: string) => JSON.stringify([{ name, kind: "resource", version }]);

describe("CLI", () => {
  test("one that is new enough is taken", () => {
    expect(find(cli("v3.250.0"))).toEqual({ version: "3.250.0" });
    expect(find(cli("v3.200.0"))).toEqual({ version: "3.200.0" });
  });

  test("a given folder goes before PATH", () => {
    const folder = cli("v3.300.0");
    expect(findToolchain([], folder, { PATH: cli("v3.100.0") })).toEqual({ version: "3.300.0", folder });
  });

  test("missing", () => {
    expect(messageOf(() => find(temporaryFolder()))).toBe(
      [
        "the pulumi CLI is not installed",
        "  reason: there is no program `pulumi` on PATH",
        "  fix: install it: https://www.pulumi.com/docs/iac/download-install/ (brew, apt, winget or the script); or use --hermetic, which builds one",
      ].join("\n"),
    );
  });

  test("too old", () => {
    expect(messageOf(() => find(cli("v3.199.9")))).toBe(
      [
        "the pulumi CLI is too old: 3.199.9",
        "  reason: 3.200.0 or newer is needed",
        "  fix: upgrade it: https://www.pulumi.com/docs/iac/download-install/, or put a newer one first on PATH",
      ].join("\n"),
    );
  });

  test("another program of that name", () => {
    expect(messageOf(() => find(cli("hello")))).toBe(
      [
        "the program `pulumi` on PATH says no version",
        "  reason: hello",
        "  fix: install it: https://www.pulumi.com/docs/iac/download-install/ (brew, apt, winget or the script)",
      ].join("\n"),
    );
  });
});

describe("plugins", () => {
  test("one of the package's version is taken", () => {
    expect(find(cli("v3.250.0", plugin("kubernetes", "4.25.0")), ["kubernetes"]).version).toBe("3.250.0");
  });

  test("one on PATH is taken whatever its version", () => {
    const folder = cli("v3.250.0");
    script(folder, "pulumi-resource-kubernetes", "true");
    expect(find(folder, ["kubernetes"]).version).toBe("3.250.0");
  });

  test("missing", () => {
    expect(messageOf(() => find(cli("v3.250.0"), ["kubernetes"]))).toBe(
      [
        "the kubernetes plugin of pulumi is missing",
        "  reason: 4.25.0 is needed, none is installed",
        "  fix: pulumi plugin install resource kubernetes v4.25.0",
      ].join("\n"),
    );
  });

  test("another version", () => {
    expect(messageOf(() => find(cli("v3.250.0", plugin("aws", "6.0.0")), ["aws"]))).toBe(
      [
        "the aws plugin of pulumi is missing in the version that is needed",
        "  reason: 7.48.0 is needed, installed: 6.0.0",
        "  fix: pulumi plugin install resource aws v7.48.0",
      ].join("\n"),
    );
  });
});

test("versions compare by number, not by letter", () => {
  expect(compareVersions("3.99.0", "3.200.0")).toBeLessThan(0);
  expect(compareVersions("3.200.0-alpha.1", "3.200.0")).toBe(0);
  expect(compareVersions("4.0.0", "3.200.0")).toBeGreaterThan(0);
});
