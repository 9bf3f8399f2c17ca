import { sources, type SystemSizing } from "../../environment/sizing/choice";

export const sizeAlertmanager: SystemSizing = ({ profile, load }) => {
  const large = load.samples.perSecond >= 100_000;
  return [
    {
      key: "systems.alertmanager.replicas",
      value: profile === "prod" ? (large ? 3 : 2) : 1,
      reason: profile === "prod" ? "a pair; three from 100k samples/s" : "alerts may be late outside prod",
      source: sources.availability,
    },
  ];
};
