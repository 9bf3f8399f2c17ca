import { dashboards } from "../../dashboards";
import { dev, local, prod } from "../environment/support";

test.each([local(), dev(), prod()])(
  "$name: no label is compared with the text of a regular expression",
  (environment) => {
    const models = dashboards(environment).map(({ model }) => JSON.stringify(model));
    // `job="collector-.+"` finds nothing, and every panel that asks for it stays empty.
    const found = models.flatMap((text) => text.match(/\w+!?=\\"[^"\\]*\.[+*][^"\\]*\\"/g) ?? []);
    expect([...new Set(found)]).toEqual([]);
  },
);
