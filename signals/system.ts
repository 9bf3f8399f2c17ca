declare module "../environment/system" {
  interface System {
    /** What it exposes about itself, each source of metrics by their names. @default nothing */
    readonly metrics?: readonly Readonly<Record<string, unknown>>[];
  }
}

export {};
