// The pages for the open API: reads our own OpenAPI description and shows it.
import SwaggerUI from 'swagger-ui-dist/swagger-ui-es-bundle.js'
import 'swagger-ui-dist/swagger-ui.css'

SwaggerUI({
  url: '/api/openapi.json',
  dom_id: '#docs',
  deepLinking: true,
  // The default asks a stranger's server to judge our description.
  validatorUrl: null,
})
