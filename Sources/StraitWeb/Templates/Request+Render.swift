public import StraitHTTP
public import StraitRouting
public import StraitTemplates

extension Request {
    /// The page that the template `name` makes of `values`; Django's `render()`.
    ///
    /// ```swift
    /// path("rooms/", name: "rooms") { request in
    ///     try request.render("chat/rooms.html", ["rooms": ["tea", "coffee"]])
    /// }
    /// ```
    ///
    /// Beside `values` the template has `request`, with its `path`, `method`, `GET` and `COOKIES`, and what
    /// `{% csrf_token %}` needs.
    ///
    /// - Throws: `TemplateError` with the file and line; ``/StraitWeb/SiteError`` outside of a site.
    public func render(
        _ name: String, _ values: [String: TemplateValue] = [:], status: HTTPStatus = .ok
    ) throws -> Response {
        guard let site else { throw SiteError.noSite(asking: "the template '\(name)'") }
        return .html(try site.templates.render(name, templateValues.merging(values) { $1 }), status: status)
    }

    /// What every template has; Django's context processors `request` and `csrf`.
    private var templateValues: [String: TemplateValue] {
        ["request": .object(RequestObject(request: self)), "csrf_token": .object(CSRFTokenObject(request: self))]
    }
}

/// A request as templates see it.
struct RequestObject: TemplateObject {
    let request: Request

    subscript(member name: String) -> TemplateValue? {
        switch name {
        case "path": .string(request.path)
        case "method": .string(request.method.rawValue)
        case "scheme": .string(request.scope.scheme)
        case "is_secure": .bool(request.scope.scheme == "https")
        case "GET": .object(QueryValues(query: request.scope.queryString))
        case "COOKIES": .dictionary(TemplateDictionary(cookies.map { ($0.key, .string($0.value)) }))
        case "get_full_path":
            .string(
                request.scope.mountedRawPath
                    + (request.scope.queryString.isEmpty ? "" : "?" + request.scope.queryString))
        case "resolver_match":
            .dictionary(["view_name": request.urlRoute.name.map { .string($0) } ?? .none])
        default: nil
        }
    }

    private var cookies: [(key: String, value: String)] {
        request.cookies.sorted { $0.key < $1.key }
    }

    var templateText: String { "\(request.method) \(request.path)" }
}

/// The token against forged requests, which is made, and its cookie set, only where a template shows it.
struct CSRFTokenObject: TemplateObject {
    let request: Request

    subscript(member name: String) -> TemplateValue? { nil }

    /// Outside of a middleware there is none, and nothing that it would have to protect.
    var templateText: String { (try? request.csrfToken) ?? "" }
    var templateTruth: Bool { !templateText.isEmpty }
}
