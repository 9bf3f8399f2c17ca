/** What both the program and whoever deploys it know: the roles of phoenix, their ports, and who calls whom. */

export const agentRoles = ["git", "llm-router", "obsidian"] as const;
export type AgentRole = (typeof agentRoles)[number];

export const roles = ["api", "worker", ...agentRoles, "cache", "load"] as const;
export type Role = (typeof roles)[number];

export const version = "1.0.0";

/** Each role listens on a port of its own, so that all of them can also run side by side on one machine. */
export const rolePort: Readonly<Record<Role, number>> = {
  api: 8080,
  worker: 8081,
  git: 8082,
  "llm-router": 8083,
  obsidian: 8084,
  load: 8085,
  cache: 6379,
};

/** The cache speaks RESP on its port; whether it is alive is asked over HTTP, as of every role. */
export const healthPort: Readonly<Record<Role, number>> = { ...rolePort, cache: 8086 };

/** The name of a role's service, in the cluster and on its signals. */
export const serviceOf = (role: Role): string => `phoenix-${role}`;

/** Who calls whom, and why; the network opens this and nothing else. */
export const calls: readonly { readonly from: Role; readonly to: Role; readonly why: string }[] = [
  { from: "load", to: "api", why: "plans of its users, and faults by hand" },
  { from: "api", to: "obsidian", why: "searches notes" },
  ...agentRoles.map((to) => ({ from: "worker" as const, to, why: "tasks of plans" })),
  { from: "api", to: "cache", why: "queues tasks, keeps profiles and plans" },
  { from: "worker", to: "cache", why: "takes tasks, writes down plans" },
  { from: "llm-router", to: "cache", why: "remembers completions" },
  ...(["git", "obsidian", "load"] as const).map((from) => ({ from, to: "cache" as const, why: "reads faults" })),
];
