/** Something the catalogue or a query can't be; the message says where, why, and the likely fix. */
export class CatalogueError extends Error {
  /** Where and why, without the fix. */
  readonly reason: string;

  constructor(
    where: string,
    reason: string,
    readonly fix: string,
  ) {
    super(`${where} ${reason}\n  fix: ${fix}`);
    this.name = "CatalogueError";
    this.reason = `${where} ${reason}`;
  }
}
