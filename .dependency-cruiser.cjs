/** Which room may import which, and who speaks to Pulumi: `npm run imports`, part of `npm run check`. */

/** The names of a server's metrics stand with the server; a page on several servers reads them there. */
const metrics = "stacks/[^/]+/metrics";

/** The rooms that decide, each with those below it that it knows. None knows who deploys. */
const knows = {
  environment: [],
  signals: ["environment"],
  emission: ["signals"],
  dashboards: ["environment", "signals", metrics],
  alerts: ["environment", "signals", "dashboards", metrics],
  policies: ["environment"],
  packs: ["environment", "signals", "dashboards", "alerts", metrics],
  // The demo is deployed as an application of its own: its names and settings stand with it.
  stacks: ["environment", "signals", "dashboards", "alerts", "packs", "examples/phoenix"],
  // What a team copies: the rooms that its own packs import.
  examples: ["environment", "signals", "emission", "dashboards", "alerts"],
  docs: ["environment", "dashboards", "alerts", "stacks", "tools"],
};

/** Everything of ours; what comes from a package is no room. */
const rooms = `^(${[...Object.keys(knows), "tools", "bench", "test"].join("|")})/|^(index|program)\\.ts$`;

/** Hands the systems' exemptions to the policies, as `npm start` does: part of no room that decides. */
const enginePack = "^policies/pack\\.ts$";

/** The thin layer: what tells Pulumi's engine what was decided. */
const deployers = [
  "index.ts",
  "program.ts",
  "stacks/stack.ts",
  "stacks/(kubernetes|storage)/component.ts",
  "policies/pack.ts",
  "tools/(engine|render)/",
  "test/",
];

module.exports = {
  forbidden: [
    {
      name: "no-circles",
      comment: "what imports each other can't be read, moved or tested one by one; types count too",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    ...Object.entries(knows).map(([room, below]) => ({
      name: `${room}-knows-what-is-below`,
      comment: `${room}/ imports ${below.length === 0 ? "no other room" : below.join(", ")}`,
      severity: "error",
      from: { path: `^${room}/`, pathNot: enginePack },
      to: { path: rooms, pathNot: `^(${[room, ...below].join("|")})(/|\\.ts$)` },
    })),
    {
      name: "only-deployers-know-pulumi",
      comment: "what is decided is plain data, which a test reads without an engine",
      severity: "error",
      from: { pathNot: deployers.map((path) => `^${path}`) },
      to: { path: "node_modules/@pulumi/" },
    },
    {
      name: "tests-stay-outside",
      comment: "nothing that users run imports a test, a bench or a generator of documentation",
      severity: "error",
      from: { pathNot: "^(test|bench|docs)/" },
      to: { path: "^(test|bench|docs)/" },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^build/" },
  },
};
