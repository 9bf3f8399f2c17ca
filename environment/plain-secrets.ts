import { at, type Fault } from "./faults";

/** What gives a secret away by its shape, wherever it stands. */
export const secretShapes: readonly (readonly [what: string, shape: RegExp])[] = [
  ["a private key", /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----/],
  ["an AWS access key", /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/],
  ["a GitHub token", /\b(?:gh[oprsu]_[A-Za-z0-9]{36,}|github_pat_\w{40,})\b/],
  ["a Slack address", /\bhooks\.slack\.com\/(?:services|workflows|triggers)\/[A-Za-z0-9/]{8,}/],
  ["a Slack token", /\bxox[abeoprs]-[A-Za-z0-9-]{10,}/],
  ["a Google API key", /\bAIza[\w-]{35}\b/],
  ["a Stripe key", /\b[rs]k_live_[A-Za-z0-9]{16,}\b/],
  ["a Grafana token", /\bgl(?:sa|c)_[A-Za-z0-9+/=_]{20,}/],
  ["a JSON web token", /\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}/],
  ["a password in a URL", /\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@"'<$]+:[^\s/@"'<$][^\s/@"']*@/i],
  ["a token in a URL", /[?&](?:access_token|api_?key|auth|password|secret|sig|token)=[^&\s"'<$]{6,}/i],
];

/** How each secret stands in a stack file, by name; what it holds is nobody's business here. */
export type SecretForms = Readonly<Record<string, "encrypted" | "plain">>;

/**
 * The secrets of a stack file without what they hold.
 * @param isPlain whether a value stands there as it is
 */
export function secretForms(secrets: unknown, isPlain: (value: unknown) => boolean): SecretForms {
  if (typeof secrets !== "object" || secrets === null) return {};
  return Object.fromEntries(
    Object.entries(secrets).map(([name, value]) => [name, isPlain(value) ? "plain" : "encrypted"]),
  );
}

/** Secrets that were set without `--secret`: `secrets` as {@link secretForms} has it, or a list of names. */
export function unencrypted(secrets: unknown): Fault[] {
  if (typeof secrets === "string") {
    const fix = "pulumi config set --secret --path observability:secrets.<name> <value>";
    return [{ key: at("secrets"), reason: "holds names with a value each, not a text", fix }];
  }
  if (typeof secrets !== "object" || secrets === null || Array.isArray(secrets)) return [];
  return Object.entries(secrets).flatMap(([name, form]) =>
    form === "encrypted"
      ? []
      : [
          {
            key: at(`secrets.${name}`),
            reason: "stands in plain text for everyone who may read the file",
            fix: `take another value, then pulumi config set --secret --path observability:secrets.${name} <value>`,
          },
        ],
  );
}

/** Secrets that stand in a stack file as they are. No fault repeats one. */
export function plainSecrets(values: unknown, path = ""): Fault[] {
  if (typeof values === "string") {
    const [what] = secretShapes.find(([, shape]) => shape.test(values)) ?? [];
    if (what === undefined) return [];
    const fix =
      "set it by pulumi config set --secret --path observability:secrets.<name> <value>, and name it here by the key's …Secret";
    return [{ key: at(path), reason: `holds ${what}, in plain text for everyone who may read the file`, fix }];
  }
  if (typeof values !== "object" || values === null) return [];
  return Object.entries(values).flatMap(([key, inner]) => {
    const step = Array.isArray(values) ? `[${key}]` : path === "" ? key : `.${key}`;
    return plainSecrets(inner, `${path}${step}`);
  });
}
