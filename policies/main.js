// The engine loads a policy pack as plain JavaScript; tsx reads the TypeScript beside it.
require("tsx/cjs");
require("./pack.ts");
