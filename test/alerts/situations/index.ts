import { data } from "./data";
import { infrastructure } from "./infrastructure";
import { pipeline } from "./pipeline";
import { quiet } from "./quiet";
import { users } from "./users";
import type { Situation } from "./situation";

/** What must wake somebody, whatever the alert is called, and what must not: the fixed list of docs/must-page.md. */
export const mustPage: readonly Situation[] = [...users, ...data, ...pipeline, ...infrastructure];
/** What must wake somebody and does not yet; the test holds it to that, so that a mend moves it up. */
export const doesNotPageYet: readonly Situation[] = [];
export const mustNotPage: readonly Situation[] = quiet;
export type { Situation } from "./situation";
