import tseslint from "typescript-eslint";

export default tseslint.config(
  { ignores: ["build/**", "node_modules/**", "**/*.js", "**/*.mjs"] },
  ...tseslint.configs.strict,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/no-misused-promises": "error",
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
    },
  },
  {
    // The layers run in one direction: what decides never knows who deploys.
    files: [
      "environment/**/*.ts",
      "dashboards/**/*.ts",
      "alerts/**/*.ts",
      "signals/**/*.ts",
      "emission/**/*.ts",
      "examples/**/*.ts",
      "policies/!(pack).ts",
      "stacks/*/config.ts",
      "stacks/*/system.ts",
    ],
    rules: {
      "no-restricted-imports": [
        "error",
        { patterns: [{ group: ["@pulumi/*"], message: "The pure layer never imports Pulumi." }] },
      ],
    },
  },
);
