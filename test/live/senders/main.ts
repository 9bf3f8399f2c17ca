import { fragile } from "./fragile";
import { numbered } from "./numbered";
import { serve, type Routes } from "./server";
import { checkout, payment } from "./shop";
import { target, webhook } from "./webhook";

/** The applications of the suite; all are this one program, told by its first argument which to be. */
const roles: Readonly<Record<string, (environment: NodeJS.ProcessEnv) => Routes>> = {
  checkout,
  payment,
  webhook,
  target,
  numbered,
  fragile,
};

const role = process.argv[2] ?? "";
const routes = roles[role];
if (!routes) throw new Error(`"${role}" is none of ${Object.keys(roles).join(", ")}`);
serve(routes(process.env), Number(process.env["PORT"] ?? 8080));
