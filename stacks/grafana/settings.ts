import { z } from "zod";
import type { ByProfile } from "../../environment/profile";
import { enabledWith, sections, size, statefulSettingsOf } from "../../environment/settings";
import { hostAndPort, secretName } from "../../environment/values";

/** The port of its HTTP API. */
export const httpPort = 3000;

/** What may be written at `observability:systems.grafana`. */
export const settings = statefulSettingsOf(
  sections([
    "server",
    "database",
    "security",
    "users",
    "auth",
    "auth.anonymous",
    "auth.generic_oauth",
    "auth.github",
    "auth.google",
    "auth.azuread",
    "auth.okta",
    "auth.ldap",
    "auth.jwt",
    "auth.proxy",
    "auth.basic",
    "analytics",
    "log",
    "metrics",
    "smtp",
    "feature_toggles",
    "dashboards",
    "unified_alerting",
    "explore",
    "plugins",
    "date_formats",
    "snapshots",
    "tracing.opentelemetry.otlp",
    "tracing.opentelemetry",
    "paths",
    "panels",
    "live",
    "quota",
    "dataproxy",
  ]),
);

/** What may be written at `observability:grafana`. */
export const section = z.strictObject({
  /** Key in `secrets` that holds the admin password. @default a generated one, kept in the Secret `grafana-admin` */
  adminPasswordSecret: secretName.optional(),
  /** Anonymous viewers may look. */
  anonymous: z.boolean(),
  /** A PostgreSQL that exists, which several replicas of Grafana share. @default a file on Grafana's own volume */
  database: z
    .strictObject({
      /** Host and port, such as `db.example.com:5432`. */
      host: hostAndPort,
      /** Name of the database. */
      name: z.string().min(1),
      /** User of the database. */
      user: z.string().min(1),
      /** Key in `secrets` that holds the password. */
      passwordSecret: secretName,
      /** How the connection is encrypted, in PostgreSQL's words. @default require */
      ssl: z.enum(["disable", "require", "verify-ca", "verify-full"]).default("require"),
    })
    .optional(),
});

declare module "../../environment/composition" {
  interface Systems {
    readonly grafana: z.output<typeof settings>;
  }
  interface SystemSections {
    readonly grafana: z.output<typeof section>;
  }
}

/** What stands there before anybody writes a line. */
export const defaults = {
  settings: {
    local: enabledWith(1, size("50m", "128Mi", "512Mi"), "1Gi"),
    dev: enabledWith(1, size("100m", "256Mi", "512Mi"), "2Gi"),
    prod: enabledWith(1, size("250m", "512Mi", "1Gi"), "10Gi"),
  },
  section: { all: { anonymous: false }, local: { anonymous: true } },
} as const satisfies { readonly settings: ByProfile; readonly section?: ByProfile };
