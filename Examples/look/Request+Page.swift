public import Strait

extension Request {
    /// Renders the template `name`, with the headers that all example pages share.
    public func page(
        _ name: String, _ values: [String: TemplateValue] = [:], status: HTTPStatus = .ok
    ) throws -> Response {
        var response = try render(name, values, status: status)
        // No external resources, and no inline scripts or styles.
        response.headers["Content-Security-Policy"] =
            "default-src 'self'; img-src data:; base-uri 'none'; frame-ancestors 'none'"
        response.headers["Cache-Control"] = "no-cache"
        return response
    }
}
