// Mistakes in front-end modules; prettier decides on the layout.
const js = require("@eslint/js");
const globals = require("globals");

module.exports = [
    { ignores: ["**/static/lib/**", "**/static/src/lib/**"] },
    js.configs.recommended,
    {
        languageOptions: {
            ecmaVersion: 2024,
            sourceType: "module",
            globals: { ...globals.browser, luxon: "readonly", owl: "readonly" },
        },
        rules: {
            curly: "error",
            eqeqeq: ["error", "always", { null: "ignore" }],
            "no-console": ["error", { allow: ["warn", "error"] }],
            "no-implicit-globals": "error",
            "no-unused-vars": ["error", { args: "after-used" }],
            "no-var": "error",
            "prefer-const": "error",
        },
    },
];
