import { at, missingSecret, type Fault } from "../../environment/faults";
import { faultAt, type Rule } from "../../environment/rule";

const secretsAndUsers: Rule = ({ grafana, secrets, profile }) => {
  const named = {
    adminPasswordSecret: grafana.adminPasswordSecret,
    "database.passwordSecret": grafana.database?.passwordSecret,
  };
  const faults = Object.entries(named).flatMap(([key, value]): Fault[] =>
    value === undefined || secrets.includes(value) ? [] : [missingSecret(`grafana.${key}`, value)],
  );
  if (grafana.anonymous && profile === "prod") {
    faults.push({
      key: at("grafana.anonymous"),
      value: "true",
      reason: "prod's dashboards would be open to everyone",
      fix: "false",
    });
  }
  return faults;
};

const sharedDatabase: Rule = ({ systems, grafana }) => {
  const { replicas } = systems.grafana;
  if (replicas === 1 || grafana.database !== undefined) return [];
  const reason = "replicas share their users and sessions only through a database";
  const fix =
    'grafana.database: {host: "db.example.com:5432", name: grafana, user: grafana, passwordSecret: …}, or 1 replica';
  return [faultAt("systems.grafana.replicas", replicas, reason, fix)];
};

/** What must hold of its keys. */
export const rules: readonly Rule[] = [secretsAndUsers, sharedDatabase];
