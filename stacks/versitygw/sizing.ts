import { sources, type SystemSizing } from "../../environment/sizing/choice";
import { objectBytes, compression } from "../../environment/sizing/objects";
import { diskFor, printedBytes } from "../../environment/sizing/steps";

export const sizeVersitygw: SystemSizing = (request) => {
  if (request.setting("storage.kind") !== "in-cluster") return [];
  const { logs, traces } = objectBytes(request);
  return [
    {
      key: "systems.versitygw.volume",
      value: diskFor((logs + traces) * 1.25).toString(),
      reason: `logs ${printedBytes(logs)} (÷ ${compression.logs}) and traces ${printedBytes(traces)} (÷ ${compression.traces}) × 1.25 free space`,
      source: sources.derived,
      needs: { bytes: logs + traces },
    },
  ];
};
