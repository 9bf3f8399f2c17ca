import type { Dashboard, Panel } from "./dashboard";
import { dashboardPicture, thresholdText, unitOf } from "./drawing";
import { count, details, markup, scrolling, type Html } from "./html";
import { slug } from "./picture";

/** Every dashboard as a card: its picture, and its panels as a table. */
export function gallery(dashboards: readonly { readonly folder: string; readonly dashboard: Dashboard }[]): Html {
  if (dashboards.length === 0) return markup`<p>No dashboards: the stage “dashboards” is off.</p>`;
  const folders = [...new Set(dashboards.map(({ folder }) => folder))];
  return markup`<p class="soft">
      Pictures show the layout, not data: a dot with a number is a threshold, in the color that it sets.
    </p>
    ${folders.map(
      (folder) =>
        markup`<h3>${folder === "" ? "General" : folder}</h3>
          <div class="cards">
            ${dashboards
              .filter((each) => each.folder === folder)
              .map(({ dashboard }) =>
                card(dashboard, `board-${dashboards.findIndex((each) => each.dashboard === dashboard)}`),
              )}
          </div>`,
    )}`;
}

function card(dashboard: Dashboard, id: string): Html {
  const panels = dashboard.panels.filter(({ type }) => type !== "row");
  const { title, description, variables } = dashboard;
  const shown = variables.filter(({ type }) => type !== "datasource").map(({ label, name }) => label || name);
  return markup`<article class="card" aria-labelledby="${id}-name">
    <h4 id="${id}-name">${title}</h4>
    <p>${description}</p>
    <p class="soft">${count(panels.length, "panel")}${shown.length > 0 ? `; chosen by ${shown.join(", ")}` : ""}</p>
    ${scrolling(`Picture of ${title}`, markup`<div class="crop wide">${dashboardPicture(`${id}-${slug(title)}`, dashboard)}</div>`)}
    ${details(`${title}: panels as text`, panelList(panels))}
  </article> `;
}

/** Each panel in a line: what it is, and what it shows. */
function panelList(panels: readonly Panel[]): Html {
  return markup`<ul class="plain">${panels.map(({ title, type, unit, thresholds, description }) => {
    const what = [type, unitOf(unit), thresholdText(thresholds)].filter((part) => part !== "").join("; ");
    return markup`<li><b>${title}</b> <span class="soft">${what}</span> ${description}</li>`;
  })}</ul>`;
}
