import { severityChip } from "../report/alerts";
import { details, markup, scrolling, table, type Content, type Html } from "../report/html";
import type { Page, PageChange } from "./difference";
import { caveats, type Replay } from "./model";
import { timeline } from "./timeline";
import { clock, fateText, labelsText, lasts, summary, toldText, verdict } from "./words";

/** Rows of a table that stand open, and rules that are drawn. */
const mostRows = 20;
const mostDrawn = 30;

/**
 * Replays as a part of a page: for each rule what becomes of it, when it fires, and who is told how often.
 * @param id in front of the pictures' own
 */
export function replaySection(id: string, replays: readonly Replay[]): Html {
  const drawn = replays.filter((each) => each.pages.length > 0).slice(0, mostDrawn);
  const others = replays.filter((each) => !drawn.includes(each));
  const [first] = replays;
  return markup`<p>${summary(replays)} ${first && `From ${clock(first.window.from)} to ${clock(first.window.to)} UTC.`}</p>
${drawn.map((each, index) => card(`${id}-${index}`, each))}
${others.length > 0 && otherTable(others)}
${caveats.map((each) => markup`<p class="soft">${each}</p>`)}`;
}

const title = ({ name, formerly }: Replay) => (formerly === undefined ? name : `${name}, before: ${formerly}`);

function card(id: string, replay: Replay): Html {
  const { severity, action, pages, told, notes, name } = replay;
  const isCompared = action !== "as it is";
  const changed = pages.filter(({ fate }) => fate !== "stays");
  const rows = isCompared ? changed : pages;
  const names = isCompared
    ? ["receiver", "pages before", "after", "firing before", "after"]
    : ["receiver", "pages", "firing"];
  return markup`<article class="card">
<h4>${title(replay)} ${severityChip(severity)} <span class="soft">${isCompared && `${action}: `}${verdict(replay)}</span></h4>
${scrolling(`When ${name} fires`, markup`<div class="wide">${timeline(`${id}-timeline`, replay)}</div>`)}
${table(
  `Who is told of ${name}`,
  names.map((each, index) => ({ title: each, number: index > 0 })),
  told.map((each) =>
    isCompared
      ? [each.receiver, each.pagesBefore, each.pagesAfter, lasts(each.secondsBefore), lasts(each.secondsAfter)]
      : [each.receiver, each.pagesAfter, lasts(each.secondsAfter)],
  ),
)}
${rows.length > 0 && pageTable(`Pages of ${name}`, rows, action)}
${notes.map((note) => markup`<p class="warning">${note}</p>`)}
</article>
`;
}

function pageTable(caption: string, pages: readonly PageChange[], action: Replay["action"]): Content {
  const columns = ["of", action === "as it is" ? "fires" : "what becomes of it", "told"].map((each) => ({
    title: each,
  }));
  const row = (change: PageChange) => {
    const page = (change.after ?? change.before) as Page;
    return [labelsText(page), fateText(change, action), page.told.join(", ") || "nobody"];
  };
  const more = pages.slice(mostRows);
  return [
    table(caption, columns, pages.slice(0, mostRows).map(row)),
    more.length > 0 && details(`${more.length} more`, table(caption, columns, more.map(row))),
  ];
}

function otherTable(replays: readonly Replay[]): Html {
  const columns = ["rule", "severity", "over this history", "to know"].map((each) => ({ title: each }));
  return table(
    "Rules without a picture",
    columns,
    replays.map((each) => [title(each), each.severity, verdict(each), each.notes.join(" ")]),
  );
}

/** The same for a terminal. */
export function replayText(replay: Replay): string {
  const { severity, action, pages, told, notes } = replay;
  const isCompared = action !== "as it is";
  const rows = isCompared ? pages.filter(({ fate }) => fate !== "stays") : pages;
  return [
    `${title(replay)} (${severity}) ${isCompared ? `${action}: ` : ""}${verdict(replay)}`,
    ...told.map((each) =>
      isCompared
        ? `  tells ${each.receiver}: ${toldText(each)}`
        : `  tells ${each.receiver}: ${each.pagesAfter}, ${lasts(each.secondsAfter)} of firing`,
    ),
    ...rows.slice(0, mostRows).map((change) => {
      const page = (change.after ?? change.before) as Page;
      return `    ${fateText(change, action)}  ${labelsText(page)}`;
    }),
    ...(rows.length > mostRows ? [`    and ${rows.length - mostRows} more`] : []),
    ...notes.map((note) => `  note: ${note}`),
  ].join("\n");
}
