import * as http from "node:http";
import type { AddressInfo } from "node:net";

import { answers, imageSource, registryOf } from "../../tools/testbed/pull";

const before = process.env["OBSERVABILITY_KIT_IMAGES"];
afterEach(() => {
  if (before === undefined) delete process.env["OBSERVABILITY_KIT_IMAGES"];
  else process.env["OBSERVABILITY_KIT_IMAGES"] = before;
});

/** A server that answers every request with a status, or never. */
async function registry(status: number | "silent"): Promise<{ url: string; close: () => void }> {
  const server = http.createServer((_, response) => {
    if (status !== "silent") response.writeHead(status, { location: "https://login.example.com/" }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v2/`, close };
}

test.each([
  [200, true],
  [401, true],
  [302, false],
  [403, false],
  [503, false],
  ["silent", false],
] as const)("a registry that answers %s counts as reached: %s", async (status, reached) => {
  const { url, close } = await registry(status);
  expect(await answers(url)).toBe(reached);
  close();
});

test("a registry that is not there does not count as reached", async () => {
  const { url, close } = await registry(200);
  close();
  expect(await answers(url)).toBe(false);
});

test("one registry that can't be reached is enough to make images: half of them would be missing", async () => {
  delete process.env["OBSERVABILITY_KIT_IMAGES"];
  expect(await imageSource(["127.0.0.1:1/a:1"])).toBe("build");
});

test("references lead to the host that answers for them", () => {
  expect(registryOf("docker.io/grafana/loki:1")).toBe("https://registry-1.docker.io/v2/");
  expect(registryOf("mirror.test:5000/grafana/loki:1")).toBe("https://mirror.test:5000/v2/");
});

test("a person's word wins over the probe, and a typing error is no word", async () => {
  process.env["OBSERVABILITY_KIT_IMAGES"] = "pull";
  expect(await imageSource(["127.0.0.1:1/a:1"])).toBe("pull");
  process.env["OBSERVABILITY_KIT_IMAGES"] = "built";
  await expect(imageSource()).rejects.toThrow('OBSERVABILITY_KIT_IMAGES is "built"; it takes pull or build');
});
