import type { MayBeEmpty } from "./language/panel";
import type { Page } from "./language";

/**
 * Why a query may be empty; undefined when it has to show something.
 * @param pages those of the environment, or one
 */
export function whyEmpty(
  pages: readonly Pick<Page, "uid" | "rows">[],
  uid: string,
  title: string,
  refId: string,
): MayBeEmpty | undefined {
  const found = pages
    .filter((page) => page.uid === uid)
    .flatMap(({ rows }) => rows.flatMap(({ panels }) => panels))
    .filter((panel) => panel.title === title)
    .flatMap(({ mayBeEmpty }) => mayBeEmpty ?? []);
  return found.find(({ refIds }) => refIds === undefined || refIds.includes(refId));
}
