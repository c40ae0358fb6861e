"use strict";

// Leaves the fields of a form empty that have no example of their own, and empty ones out of the request, unless
// "Send empty value" is ticked. Swagger UI makes values up, also for fields that exclude each other, and sends them.
const EmptyForms = () => {
  const told = (schema) => ["default", "example", "examples", "const"].some((keyword) => schema.has(keyword));
  const sample = (made) => (schema, mediaType, config, override) =>
    // Single fields are asked for without a media type.
    mediaType !== false || told(schema)
      ? made(schema, mediaType, config, override)
      : schema.get("type") === "array" ? "[]" : "";
  return {
    wrapComponents: {
      RequestBody: (Original, system) => (props) =>
        system.React.createElement(Original, {
          ...props,
          fn: { ...props.fn, getSampleSchema: sample(props.fn.getSampleSchema) },
        }),
      ParameterIncludeEmpty: (Original, system) => (props) =>
        system.React.createElement(Original, {
          ...props,
          isIncludedOptions: { ...props.isIncludedOptions, defaultValue: false },
        }),
    },
  };
};

// Shows the OpenAPI document of this server. Who signs in by "Authorize" does so as the public client bank-cli.
const ui = SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#docs",
  deepLinking: true,
  docExpansion: "list",
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
  filter: true,
  validatorUrl: null,
  plugins: [EmptyForms],
});
ui.initOAuth({ clientId: "bank-cli" });
