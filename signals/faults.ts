/** Something the catalogue or a query can't be; the message says where, why, and the likely fix. */
export class CatalogueError extends Error {
  constructor(where: string, reason: string, fix: string) {
    super(`${where} ${reason}\n  fix: ${fix}`);
    this.name = "CatalogueError";
  }
}
