internal import StraitHTTP
internal import StraitNetwork
internal import StraitRouting

/// Serves static files: the whole, a part, or nothing to a client that has the file already.
struct StaticFilesHandler: HTTPHandler {
    let files: StaticFiles

    let methods: AllowedMethods? = AllowedMethods([.get])

    func respond(to request: Request) async throws -> Response {
        if let answer = methods?.answer(to: request.method) { return answer }
        let name: String = try request.urlRoute["path"]
        // A part is always of the file itself, so that parts of two codings never meet.
        let expandsGzip =
            !request.headers.contains("range")
            && request.headers.values(of: "accept-encoding").contains(where: GZipMiddleware.acceptsGzip)
        let response = await files.response(for: name, expandsGzip: expandsGzip) {
            request.log.warning("\($0)")
        }
        return response.answeringConditions(of: request.method, request.headers)
    }
}
