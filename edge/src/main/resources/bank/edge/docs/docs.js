"use strict";

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
});
ui.initOAuth({ clientId: "bank-cli" });
