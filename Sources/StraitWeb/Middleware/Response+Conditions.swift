internal import StraitHTTP
internal import StraitRouting

extension Response {
    /// This response, or 304 where the client says that it has it, by the tag or the date that stand in it (RFC 9110
    /// §13); Django's `get_conditional_response`. Files are compared when they are opened.
    func unlessKnown(to request: Scope) -> Response {
        if case .file = body { return self }
        guard status == .ok else { return self }
        let tag = headers["etag"].flatMap { EntityTag(parsing: $0) }
        let modified = headers["last-modified"].flatMap { HTTPDate(parsing: $0) }
        guard tag != nil || modified != nil else { return self }
        switch RequestConditions.outcome(of: request.method, request.headers, tag: tag, modified: modified) {
        case .notModified: return notModified
        case .preconditionFailed: return refusing(.preconditionFailed)
        case .whole, .part, .unsatisfiable: return self
        }
    }
}
