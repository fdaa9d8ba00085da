/// The description of the API, which a test compares with the routes.
enum OpenAPI {
    static let text = """
        {
          "openapi": "3.0.3",
          "info": {"title": "teal", "version": "1", "description": "The documents are those that teal status, history and plan print with --json."},
          "security": [{"token": []}],
          "paths": {
            "/api/v1/apps": {"get": {"summary": "The apps of this host", "responses": {"200": {"description": "Names", "content": {"application/json": {"schema": {"type": "object", "required": ["apps"], "properties": {"apps": {"type": "array", "items": {"type": "string"}}}}}}}, "401": {"$ref": "#/components/responses/Refused"}, "429": {"$ref": "#/components/responses/Refused"}}}},
            "/api/v1/apps/{app}/status": {"get": {"summary": "As teal status --json", "parameters": [{"$ref": "#/components/parameters/App"}], "responses": {"200": {"$ref": "#/components/responses/Document"}, "401": {"$ref": "#/components/responses/Refused"}, "404": {"$ref": "#/components/responses/Refused"}, "429": {"$ref": "#/components/responses/Refused"}, "500": {"$ref": "#/components/responses/Refused"}}}},
            "/api/v1/apps/{app}/history": {"get": {"summary": "As teal history --json", "parameters": [{"$ref": "#/components/parameters/App"}], "responses": {"200": {"$ref": "#/components/responses/Document"}, "401": {"$ref": "#/components/responses/Refused"}, "404": {"$ref": "#/components/responses/Refused"}, "429": {"$ref": "#/components/responses/Refused"}, "500": {"$ref": "#/components/responses/Refused"}}}},
            "/api/v1/apps/{app}/plan": {"get": {"summary": "As teal plan --json", "parameters": [{"$ref": "#/components/parameters/App"}], "responses": {"200": {"$ref": "#/components/responses/Document"}, "401": {"$ref": "#/components/responses/Refused"}, "404": {"$ref": "#/components/responses/Refused"}, "429": {"$ref": "#/components/responses/Refused"}, "500": {"$ref": "#/components/responses/Refused"}}}},
            "/api/v1/apps/{app}/acts/{act}": {"post": {"summary": "Begins an act as a run of its own", "parameters": [{"$ref": "#/components/parameters/App"}, {"name": "act", "in": "path", "required": true, "schema": {"type": "string", "enum": ["promote", "abort", "rollback", "restart", "maintenance-on", "maintenance-off"]}}], "requestBody": {"content": {"application/x-www-form-urlencoded": {"schema": {"type": "object", "properties": {"service": {"type": "string"}, "replica": {"type": "integer"}}}}}}, "responses": {"202": {"$ref": "#/components/responses/Document"}, "401": {"$ref": "#/components/responses/Refused"}, "403": {"$ref": "#/components/responses/Refused"}, "404": {"$ref": "#/components/responses/Refused"}, "409": {"$ref": "#/components/responses/Refused"}, "413": {"$ref": "#/components/responses/Refused"}, "429": {"$ref": "#/components/responses/Refused"}, "500": {"$ref": "#/components/responses/Refused"}}}},
            "/events": {"get": {"summary": "Server-sent events: a status document for each change", "parameters": [{"name": "app", "in": "query", "required": false, "schema": {"type": "string"}}], "responses": {"200": {"description": "Events named status", "content": {"text/event-stream": {"schema": {"type": "string"}}}}, "401": {"$ref": "#/components/responses/Refused"}, "404": {"$ref": "#/components/responses/Refused"}, "429": {"$ref": "#/components/responses/Refused"}, "503": {"$ref": "#/components/responses/Refused"}}}}
          },
          "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "parameters": {"App": {"name": "app", "in": "path", "required": true, "schema": {"type": "string"}}},
            "responses": {
              "Document": {"description": "A document", "content": {"application/json": {"schema": {"type": "object"}}}},
              "Refused": {"description": "A sentence that says why", "content": {"application/json": {"schema": {"type": "object", "required": ["error"], "properties": {"error": {"type": "string"}}}}}}
            }
          }
        }

        """
}
