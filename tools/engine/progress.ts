import type { EngineEvent, OpType } from "@pulumi/pulumi/automation";

/** A resource by the words that people use for it. */
export interface ResourceName {
  readonly urn: string;
  /** `Deployment`, `Bucket`, `Stack` */
  readonly kind: string;
  readonly name: string;
}

/** What a run does to one resource. */
export interface Change extends ResourceName {
  readonly operation: OpType;
  /** Paths of the properties that differ; the engine names them for updates and replacements. */
  readonly differences: readonly string[];
}

/** What happens during a run. */
export type ProgressEvent =
  | { readonly type: "started" | "failed"; readonly change: Change }
  | { readonly type: "done"; readonly change: Change; readonly seconds: number }
  /** What the provider says while it waits for a resource, e.g. how many replicas are ready. */
  | { readonly type: "waiting"; readonly resource: ResourceName; readonly message: string }
  | { readonly type: "warning" | "error"; readonly message: string; readonly resource?: ResourceName };

/** Operations that leave everything as it is. */
const QUIET: readonly string[] = [
  "same",
  "read",
  "refresh",
  "read-discard",
  "discard-replaced",
  "remove-pending-replace",
];

/** Kind and name of a URN: `urn:pulumi:dev::observability::a:b:Stack$kubernetes:apps/v1:Deployment::loki`. */
export function resourceName(urn: string): ResourceName {
  const [, , types = "", ...name] = urn.split("::");
  const type = types.split("$").pop() ?? "";
  return { urn, kind: type.split(":").pop() ?? type, name: name.join("::") };
}

/** Parts of a replacement: the step `replace` stands for all three. */
const PARTIAL: readonly string[] = ["create-replacement", "delete-replaced"];

/** Said of every plugin that stands on PATH; where that is on purpose, it is no news. */
const AMBIENT = /^using pulumi-resource-\S+ from \$PATH/;

/** Colour marks of the engine's own texts. */
const plain = (text: string) => text.replace(/<\{%[^%]*%\}>/g, "").trim();

/** Turns the engine's events into ours, and remembers what changed and what went wrong. */
export class EventReader {
  private readonly steps: Change[] = [];
  readonly errors: { readonly message: string; readonly resource?: ResourceName }[] = [];
  summary: Readonly<Record<string, number>> = {};
  cancelled = false;
  private readonly started = new Map<string, number>();
  private readonly underWay = new Set<string>();

  constructor(private readonly report: (event: ProgressEvent) => void = () => undefined) {}

  /** What was done to resources, in order; a replacement counts once. */
  get changed(): Change[] {
    const replaced = new Set(this.steps.filter(({ operation }) => operation === "replace").map(({ urn }) => urn));
    return this.steps.filter(({ urn, operation }) => !PARTIAL.includes(operation) || !replaced.has(urn));
  }

  read(event: EngineEvent): void {
    const { resourcePreEvent, resOutputsEvent, resOpFailedEvent, diagnosticEvent, summaryEvent, cancelEvent } = event;
    if (summaryEvent) this.summary = { ...summaryEvent.resourceChanges } as Record<string, number>;
    if (cancelEvent) this.cancelled = true;
    if (resourcePreEvent) this.begin(resourcePreEvent.metadata);
    if (resOutputsEvent) this.end(resOutputsEvent.metadata, "done");
    if (resOpFailedEvent) this.end(resOpFailedEvent.metadata, "failed");
    if (diagnosticEvent) this.diagnose(diagnosticEvent);
  }

  /** While the provider waits for an object, its warnings are the state of that wait ("0 of 1 pods ready"). */
  private isUnderWay({ urn }: ResourceName): boolean {
    return this.underWay.has(urn);
  }

  private begin(step: Step): void {
    if (QUIET.includes(step.op)) return;
    this.underWay.add(step.urn);
    this.started.set(step.urn + step.op, Date.now());
    this.report({ type: "started", change: changeOf(step) });
  }

  private end(step: Step, type: "done" | "failed"): void {
    if (QUIET.includes(step.op)) return;
    const change = changeOf(step);
    const begun = this.started.get(step.urn + step.op) ?? Date.now();
    this.underWay.delete(step.urn);
    if (type === "failed") return this.report({ type, change });
    // A component reports twice: when it is registered and when its outputs are.
    if (this.steps.some(({ urn, operation }) => urn === step.urn && operation === step.op)) return;
    this.steps.push(change);
    this.report({ type, change, seconds: (Date.now() - begun) / 1000 });
  }

  private diagnose({ urn, message, severity }: NonNullable<EngineEvent["diagnosticEvent"]>): void {
    const text = plain(message);
    const resource = urn ? resourceName(urn) : undefined;
    const known = resource === undefined ? {} : { resource };
    if (text === "" || AMBIENT.test(text)) return;
    if (severity === "error") {
      if (this.errors.some((error) => error.message === text)) return;
      this.errors.push({ message: text, ...known });
      this.report({ type: "error", message: text, ...known });
    } else if (severity === "warning" && (resource === undefined || !this.isUnderWay(resource))) {
      this.report({ type: "warning", message: text, ...known });
    } else if (resource !== undefined) this.report({ type: "waiting", message: text, resource });
  }
}

type Step = NonNullable<EngineEvent["resourcePreEvent"]>["metadata"];

function changeOf({ urn, op, diffs, detailedDiff }: Step): Change {
  const differences = Object.keys(detailedDiff ?? {});
  return { ...resourceName(urn), operation: op, differences: differences.length > 0 ? differences : (diffs ?? []) };
}
