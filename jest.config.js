/** Fast suite: everything under test/ except the live one, which needs a cluster. */
module.exports = {
  testEnvironment: "node",
  roots: ["<rootDir>/test"],
  testPathIgnorePatterns: ["/node_modules/", "<rootDir>/test/live/"],
  transform: { "^.+\\.ts$": ["@swc/jest", { jsc: { target: "es2022", parser: { syntax: "typescript" } } }] },
  testTimeout: 30000,
  // One for each core: left to itself Jest leaves one core to whoever watches, which on two is half of them.
  maxWorkers: "100%",
  reporters: ["default", "<rootDir>/test/support/reporter.js"],
};
