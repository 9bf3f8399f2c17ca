import { installed } from "../cli";
import { programHere } from "../testbed/programs";

/** What a backtest runs, all of it built by the kit. */
const needed = ["vmalert", "victoria-metrics"] as const;

export type Programs = { readonly store: string; readonly evaluator: string };

/** Paths of what a backtest runs, or what is missing of it and how it comes here. */
export function backtestPrograms(): Programs | { readonly missing: string } {
  const [evaluator, store] = needed.map(programHere);
  if (evaluator !== undefined && store !== undefined) return { evaluator, store };
  const missing = needed.filter((name) => programHere(name) === undefined);
  const are = missing.length === 1 ? "is" : "are";
  const where = installed ? ", in a checkout of the stack" : "";
  return { missing: `${missing.join(" and ")} ${are} not built: npm run kit -- build ${needed.join(" ")}${where}` };
}
