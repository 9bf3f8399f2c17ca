import { markup, table, type Content } from "./html";

/** Of a summary: US dollars a month by what they are paid for, and what is planned of each quota. */
export interface Budget {
  readonly cost?: Readonly<Record<string, number>>;
  readonly quotas?: Readonly<Record<string, string>>;
}

/** `s3Storage` as "s3 storage". */
export const costName = (name: string) => name.replace(/([a-z\d])([A-Z])/g, "$1 $2").toLowerCase();

/** What the environment costs in a month, as bars, and what it takes of its quota; undefined where nothing tells it. */
export function costSection({ cost, quotas }: Budget): Content {
  if (cost === undefined && quotas === undefined) return undefined;
  return [cost && costTable(cost), quotas && quotaTable(quotas)];
}

function costTable(cost: Readonly<Record<string, number>>): Content {
  const { total, ...parts } = cost;
  const sum = total ?? Object.values(parts).reduce((all, each) => all + each, 0);
  const share = (dollars: number) => (sum === 0 ? 0 : Math.round((dollars / sum) * 100));
  const rows = Object.entries(parts).map(([name, dollars]) => [
    costName(name),
    `$${dollars}`,
    markup`<span class="share" style="--share:${share(dollars)}%"></span> ${share(dollars)} %`,
  ]);
  return markup`<p>About <strong>$${sum}</strong> a month, an estimate with every retention filled.</p>
    ${table(
      "Dollars a month, by what they are paid for",
      [{ title: "for" }, { title: "a month", number: true }, { title: "share" }],
      [...rows, ["total", `$${sum}`, ""]],
    )}`;
}

function quotaTable(quotas: Readonly<Record<string, string>>): Content {
  const columns = [{ title: "resource" }, { title: "planned, of what is allowed" }];
  return markup`<h3>Quota</h3>
    ${table("What the stack's namespace takes of its quota", columns, Object.entries(quotas))}`;
}
