internal import StraitHTTP
internal import StraitRouting

/// Serves static files, whole, in parts, or not at all to who has them.
struct StaticFilesHandler: HTTPHandler {
    let files: StaticFiles

    let methods: AllowedMethods? = AllowedMethods([.get])

    func respond(to request: Request) async throws -> Response {
        if let answer = methods?.answer(to: request.method) { return answer }
        let name: String = try request.urlRoute["path"]
        let expandsGzip = request.headers.values(of: "accept-encoding").contains(where: GZipMiddleware.acceptsGzip)
        return await files.response(for: name, expandsGzip: expandsGzip).unlessKnown(to: request)
    }
}

extension Response {
    /// This response, or 304 where the client says that it has it (RFC 9110 §13); Django's `ConditionalGetMiddleware`.
    /// Files are compared when they are opened.
    func unlessKnown(to request: Request) -> Response {
        guard case .bytes = body, status == .ok, let tag = headers["etag"].flatMap({ EntityTag(parsing: $0) }) else {
            return self
        }
        let modified = headers["last-modified"].flatMap { HTTPDate(parsing: $0) }
        switch RequestConditions.outcome(of: request.method, request.headers, tag: tag, modified: modified) {
        case .notModified:
            var answer = self
            answer.status = .notModified
            answer.body = .empty
            answer.headers.remove("content-type")
            return answer
        case .preconditionFailed: return .status(.preconditionFailed)
        case .whole, .part, .unsatisfiable: return self
        }
    }
}
