public import Strait

extension Request {
    /// The page that the template `name` makes of `values`, with the fields that all pages of the examples have.
    public func page(
        _ name: String, _ values: [String: TemplateValue] = [:], status: HTTPStatus = .ok
    ) throws -> Response {
        var response = try render(name, values, status: status)
        // Nothing from elsewhere, and no script or style that stands in the page.
        response.headers["Content-Security-Policy"] =
            "default-src 'self'; img-src data:; base-uri 'none'; frame-ancestors 'none'"
        response.headers["Cache-Control"] = "no-cache"
        return response
    }
}
