public import StraitHTTP
import StraitRouting
public import StraitTemplates

extension Request {
    /// Renders the template `name` with `values` and returns the page. Django's `render()`.
    ///
    /// ```swift
    /// path("rooms/", name: "rooms") { request in
    ///     try request.render("chat/rooms.html", ["rooms": ["tea", "coffee"]])
    /// }
    /// ```
    ///
    /// In addition to `values`, the template has `request` with its `path`, `method`, `GET` and `COOKIES`. It also has
    /// the token for `{% csrf_token %}`, and the values of the site's ``/StraitWeb/ContextProcessor``s.
    ///
    /// - Throws: `TemplateError` with the file and line; ``/StraitWeb/SiteError`` outside a site.
    public func render(
        _ name: String, _ values: [String: TemplateValue] = [:], status: HTTPStatus = .ok
    ) throws -> Response {
        guard let site else { throw SiteError.noSite(asking: "the template '\(name)'") }
        return .html(
            try site.templates.render(name, try templateValues(of: site).merging(values) { $1 }), status: status)
    }

    /// Renders the template `name` with `values` of any `Encodable` types and returns the page.
    ///
    /// ```swift
    /// try request.render("chat/room.html", ["room": room, "lines": lines, "form": form])
    /// ```
    ///
    /// - Throws: `TemplateError` with the file and line; ``/StraitWeb/SiteError`` outside a site; the errors of a
    ///   value's `encode(to:)`.
    @_disfavoredOverload
    public func render(
        _ name: String, _ values: [String: any Encodable], status: HTTPStatus = .ok
    ) throws -> Response {
        try render(name, try values.mapValues { try TemplateValue(encoding: $0) }, status: status)
    }

    /// Renders the template `name` with the properties of `context` and returns the page.
    ///
    /// ```swift
    /// struct RoomPage: Encodable { var room: Room; var lines: [Line] }
    ///
    /// try request.render("chat/room.html", with: RoomPage(room: room, lines: lines))
    /// ```
    ///
    /// - Throws: `TemplateError` with the file and line; ``/StraitWeb/SiteError`` outside a site, or if `context` does
    ///   not encode as a dictionary; the errors of its `encode(to:)`.
    public func render(
        _ name: String, with context: some Encodable, status: HTTPStatus = .ok
    ) throws -> Response {
        guard case .dictionary(let values) = try TemplateValue(encoding: context) else {
            throw SiteError(
                description:
                    "The template '\(name)' needs named values, but \(type(of: context)) has none. Render a structure "
                    + "or a dictionary.")
        }
        return try render(
            name, Dictionary(values.entries.map { ($0.key, $0.value) }) { $1 }, status: status)
    }

    /// Returns the values for every template: `request` and `csrf_token`, then those of the site's processors.
    private func templateValues(of site: SiteContext) throws -> [String: TemplateValue] {
        var values: [String: TemplateValue] = [
            "request": .object(RequestObject(request: self)), "csrf_token": .object(CSRFTokenObject(request: self)),
        ]
        if let settings = site.templateSettings { values["settings"] = settings }
        for processor in site.contextProcessors {
            if let own = try processor.values?(self) { values.merge(own) { $1 } }
        }
        return values
    }
}

/// A request as seen by templates.
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

/// The CSRF token as seen by templates. It is created, and its cookie set, only when a template shows it.
struct CSRFTokenObject: TemplateObject {
    let request: Request

    subscript(member name: String) -> TemplateValue? { nil }

    /// Outside the CSRF middleware there is no token, and the text is empty.
    var templateText: String { (try? request.csrfToken) ?? "" }
    var templateTruth: Bool { !templateText.isEmpty }
}
