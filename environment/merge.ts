export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
type Tree = Readonly<Record<string, unknown>>;

function isTree(value: unknown): value is Tree {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  // A plain object of another realm (structuredClone under jest) has another Object.prototype.
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** `over` laid on `base`: objects merge key by key, lists and scalars are replaced, `null` takes a key away. */
export function deepMerge<T extends object>(base: T, over: object): T {
  const merged: Record<string, unknown> = { ...(base as Record<string, unknown>) };
  for (const [key, value] of Object.entries(over)) {
    const below = merged[key];
    if (value === null) Reflect.deleteProperty(merged, key);
    else if (value !== undefined) merged[key] = isTree(below) && isTree(value) ? deepMerge(below, value) : value;
  }
  return merged as T;
}
