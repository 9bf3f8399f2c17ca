/** Severities of alerts on something; `none` is machinery and has a route of its own. */
export const notifiedSeverities = ["critical", "warning", "info"] as const;
