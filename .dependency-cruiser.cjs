/**
 * The layer rules of ARCHITECTURE.md: dependencies point downward only,
 * shells -> api -> services -> ground -> contract.
 * test/unit/house/layers.test.ts breaks each rule once and sees it fail.
 */
const services = "pipeline|stack|rollout|monitor|report|upkeep";
const ground = "project-index|engine|runtime";

/** @type {import("dependency-cruiser").IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: "no-cycles",
      comment: "Two modules that need each other are one module, or miss a third.",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    {
      name: "contract-stands-alone",
      comment: "The contract is what both sides share; it imports neither.",
      severity: "error",
      from: { path: "^contract/" },
      to: { path: "^(main|renderer|preload|scripts|test)/" },
    },
    {
      name: "ground-does-not-reach-up",
      comment: "project-index, engine and runtime stand on the contract.",
      severity: "error",
      from: { path: `^main/(${ground})/` },
      to: { path: "^main/", pathNot: `^main/(${ground})/` },
    },
    {
      name: "ground-does-not-reach-sideways",
      comment: "A neighbour comes in through the constructor; only its type is imported.",
      severity: "error",
      from: { path: `^main/(${ground})/` },
      to: {
        path: `^main/(${ground})/`,
        pathNot: "^main/$1/",
        dependencyTypesNot: ["type-only"],
      },
    },
    {
      name: "services-do-not-reach-up",
      comment: "Services know neither the API nor the shells nor how they are put together.",
      severity: "error",
      from: { path: `^main/(${services})/` },
      to: { path: "^main/", pathNot: `^main/(${services}|${ground})/` },
    },
    {
      name: "services-do-not-reach-sideways",
      comment: "A neighbour comes in through the constructor; only its type is imported.",
      severity: "error",
      from: { path: `^main/(${services})/` },
      to: {
        path: `^main/(${services})/`,
        pathNot: "^main/$1/",
        dependencyTypesNot: ["type-only"],
      },
    },
    {
      name: "api-does-not-import-shells",
      comment: "The same API serves every shell and knows none of them.",
      severity: "error",
      from: { path: "^main/(api/|workbench\\.ts$)" },
      to: { path: "^main/shells/" },
    },
    {
      name: "electron-in-its-shell-only",
      comment: "Everything but the Electron shell runs, and is tested, without Electron.",
      severity: "error",
      from: { path: "^(main|contract|renderer|scripts)/", pathNot: "^main/shells/electron/" },
      to: { path: "(^|node_modules/)electron(/|$)" },
    },
    {
      name: "electron-shell-is-a-client",
      comment:
        "The window attaches to the workspace's owner like the command line; it opens nothing itself.",
      severity: "error",
      from: { path: "^main/shells/electron/" },
      to: {
        path: "^main/",
        pathNot: "^main/(shells/|runtime/|product-folder\\.ts$|version\\.ts$)",
      },
    },
    {
      name: "renderer-sees-types-of-the-api-only",
      comment: "The renderer talks to the core through tRPC; of main it may know the API's types.",
      severity: "error",
      from: { path: "^renderer/" },
      to: { path: "^main/", pathNot: "^main/api/" },
    },
    {
      name: "renderer-imports-the-api-as-types",
      comment: "A value imported from main would bundle Node code into the page.",
      severity: "error",
      from: { path: "^renderer/" },
      to: { path: "^main/api/", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "product-does-not-import-tests",
      severity: "error",
      from: { path: "^(main|contract|renderer|preload|scripts)/" },
      to: { path: "^test/" },
    },
    {
      name: "no-orphans",
      comment: "A module that nothing uses and that uses nothing is dead.",
      severity: "error",
      from: { orphan: true, path: "^(main|contract|renderer|preload)/", pathNot: "\\.d\\.ts$" },
      to: {},
    },
    {
      name: "not-resolvable",
      severity: "error",
      from: {},
      to: { couldNotResolve: true, pathNot: "^electron$" },
    },
    {
      name: "declared-packages-only",
      comment: "What the product imports stands in package.json's dependencies.",
      severity: "error",
      from: { path: "^(main|contract)/" },
      to: {
        dependencyTypes: ["npm-dev", "npm-no-pkg", "npm-unknown"],
        dependencyTypesNot: ["type-only"],
        pathNot: "(^|node_modules/)electron(/|$)",
      },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
    combinedDependencies: false,
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "types", "default"],
      extensions: [".ts", ".tsx", ".mjs", ".js", ".json"],
    },
  },
};
