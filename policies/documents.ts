/** A statement of an IAM document, as AWS reads it. */
export interface Statement {
  readonly Sid?: string;
  readonly Effect?: "Allow" | "Deny";
  readonly Principal?: string | Readonly<Record<string, string | readonly string[]>>;
  readonly NotPrincipal?: unknown;
  readonly Action?: string | readonly string[];
  readonly NotAction?: unknown;
  readonly Resource?: string | readonly string[];
  readonly NotResource?: unknown;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/**
 * The statements of an IAM document, given as text or as an object.
 * @returns undefined for what is no such document
 */
export function statementsOf(document: unknown): readonly Statement[] | undefined {
  const read = typeof document === "string" ? parsed(document) : document;
  if (typeof read !== "object" || read === null || !("Statement" in read)) return undefined;
  return list(read.Statement as Statement | readonly Statement[]);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** IAM takes one value or a list nearly everywhere. */
export function list<T>(value: T | readonly T[] | undefined): readonly T[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? (value as readonly T[]) : [value as T];
}

/** How messages call a statement. */
export function statementName({ Sid }: Statement, index: number): string {
  return Sid === undefined ? `statement ${index + 1}` : `statement ${Sid}`;
}

/** Whether a statement speaks to everybody. */
export function isForEverybody({ Principal }: Statement): boolean {
  return Principal === "*" || (typeof Principal === "object" && list(Principal["AWS"]).includes("*"));
}
