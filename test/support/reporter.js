/** Jest loads its reporters itself, and reads no TypeScript. */
module.exports = require("tsx/cjs/api").require("./reporter.ts", __filename).default;
