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
        return await files.response(for: name, expandsGzip: expandsGzip).unlessKnown(to: request.scope)
    }
}
