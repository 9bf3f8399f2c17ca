import * as os from "node:os";
import { CommandError, ConcurrentUpdateError, type EngineEvent } from "@pulumi/pulumi/automation";
import { CancelledError } from "../../tools/engine/errors";
import { explain, isDead, lockHolder, type Failure } from "../../tools/engine/failures";
import { EventReader } from "../../tools/engine/progress";
import { checkState, protectedResources, type State } from "../../tools/engine/state";
import { messageOf } from "./support";

const holder = "created by ann@desk (pid 4711) at 2026-11-21T06:44:54Z";
const backend = { workFolder: "/c/work-dev", envVars: { PULUMI_BACKEND_URL: "file:///c/state" } };

function failure(more: Partial<Failure> = {}, events: object[] = []): Failure {
  const reader = new EventReader();
  for (const event of events) reader.read({ sequence: 0, timestamp: 0, ...event } as EngineEvent);
  return { operation: "up", env: "dev", backend, reader, cancelled: false, ...more };
}

/** What the Automation API throws for a CLI that said this on its error stream. */
function said<E>(kind: abstract new (...args: never[]) => E, stderr: string): E {
  const result = { toString: () => `code: 255\n stdout: \n stderr: ${stderr}\n err?: \n` };
  return Reflect.construct(kind, [result]) as E;
}

const error = (message: string, urn?: string) => ({
  diagnosticEvent: { severity: "error", message, color: "", ...(urn ? { urn } : {}) },
});
const loki = "urn:pulumi:dev::observability::kubernetes:apps/v1:StatefulSet::loki";

describe("a locked state", () => {
  const locked = said(ConcurrentUpdateError, `error: the stack is currently locked by 1 lock(s). ... ${holder}`);

  test("names who holds it and how to take it away", () => {
    expect(explain(locked, failure()).message).toBe(
      [
        'another run is changing "dev"; nothing was changed by this one',
        "  reason: the state is locked by process 4711 of ann on desk, since 2026-11-21T06:44:54Z",
        "  fix: wait until it is done. Only if it certainly runs no more: (cd /c/work-dev && PULUMI_BACKEND_URL=file:///c/state pulumi cancel --yes --stack dev)",
      ].join("\n"),
    );
  });

  test("is dead only when its process was of this machine and is gone", () => {
    expect(lockHolder(locked.message)).toMatchObject({ host: "desk", pid: 4711 });
    expect(lockHolder("[409] Conflict")).toBeUndefined();
    const gone = 2 ** 22 + 1; // above the kernel's largest process id
    expect(isDead({ host: os.hostname(), pid: gone, text: "" })).toBe(true);
    expect(isDead({ host: os.hostname(), pid: process.pid, text: "" })).toBe(false);
    expect(isDead({ host: "elsewhere", pid: gone, text: "" })).toBe(false);
  });
});

describe("a failed run", () => {
  test("says which resource failed and why, each fault once, without stack trace", () => {
    const events = [
      error("Unhandled exception: Error: program says no\n    at Object.program (/x.ts:1:2)"),
      error("program says no"),
      error("3 pods are not ready", loki),
      error("update failed", "urn:pulumi:dev::observability::pulumi:pulumi:Stack::s"),
    ];
    expect(explain(said(CommandError, "x"), failure({}, events)).message).toBe(
      'up of "dev" failed\n  reason: program says no\n    StatefulSet loki: 3 pods are not ready',
    );
  });

  test("without an event, the CLI's own words are shown", () => {
    const thrown = said(CommandError, "Command failed with exit code 255: pulumi up\nerror: no such bucket");
    expect(explain(thrown, failure()).message).toBe('up of "dev" failed\n  reason: error: no such bucket');
  });

  test("a preview that was to change nothing names what it would change", () => {
    const events = [{ resOutputsEvent: { metadata: { op: "update", urn: loki } } }];
    const thrown = said(CommandError, "error: no changes were expected but changes were proposed");
    expect(explain(thrown, failure({ operation: "preview" }, events)).message).toBe(
      'preview of "dev" was to change nothing\n  reason: update StatefulSet loki',
    );
  });

  test.each([
    ["incorrect passphrase", "the passphrase is wrong"],
    ["passphrase must be set with PULUMI_CONFIG_PASSPHRASE", "there is no passphrase"],
  ])("%s", (stderr, reason) => {
    expect(explain(said(CommandError, `error: ${stderr}`), failure()).message).toBe(
      [
        'the encrypted values of "dev" cannot be read',
        `  reason: ${reason}`,
        "  fix: set PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE to the one they were encrypted with",
      ].join("\n"),
    );
  });

  test("after Ctrl-C it was cancelled, whatever else the engine says", () => {
    const events = [{ resOutputsEvent: { metadata: { op: "create", urn: loki } } }, error("update failed", loki)];
    const thrown = explain(said(CommandError, "error: update cancelled"), failure({ cancelled: true }, events));
    expect(thrown).toBeInstanceOf(CancelledError);
    expect(thrown.message).toBe(
      [
        'up of "dev" was cancelled',
        "  reason: changed by then: 1; the state knows all of it",
        "  fix: run the same command again: it goes on from there",
      ].join("\n"),
    );
  });
});

describe("what an earlier run left", () => {
  const state = (context: string, objects = 2, keep = false): State => ({
    deployment: {
      resources: [
        {
          urn: "urn:pulumi:dev::o::pulumi:providers:kubernetes::cluster",
          type: "pulumi:providers:kubernetes",
          inputs: { context },
        },
        ...Array.from({ length: objects }, () => ({
          urn: loki,
          type: "kubernetes:apps/v1:StatefulSet",
          protect: keep,
        })),
      ],
    },
  });

  test("the objects of another cluster are never taken for this one's", () => {
    expect(messageOf(() => checkState(state("prod-eu"), "dev", "prod-us"))).toBe(
      [
        'environment "dev" is deployed to another cluster than "prod-us"; nothing was changed',
        '  reason: its state holds 2 objects of kube context "prod-eu"',
        "  fix: --context prod-eu; to move it: npm run down -- --env dev --context prod-eu, then up where it shall be",
      ].join("\n"),
    );
    expect(() => checkState(state("prod-us"), "dev", "prod-us")).not.toThrow();
    expect(() => checkState(state("prod-eu", 0), "dev", "prod-us")).not.toThrow();
    expect(() => checkState({ deployment: {} }, "dev", "prod-us")).not.toThrow();
  });

  test("protected resources are found", () => {
    expect(protectedResources(state("a", 1, true))).toMatchObject([{ kind: "StatefulSet", name: "loki" }]);
    expect(protectedResources(state("a"))).toEqual([]);
  });
});
