internal import StraitHTTP
internal import StraitNetwork
internal import StraitRouting

/// Serves static files: whole files, ranges, or 304 if the client's copy is current.
struct StaticFilesHandler: HTTPHandler {
    let files: StaticFiles

    let methods: AllowedMethods? = AllowedMethods([.get])

    func respond(to request: Request) async throws -> Response {
        if let answer = methods?.answer(to: request.method) { return answer }
        let name: String = try request.urlRoute["path"]
        // A range is always served from the uncompressed file, so that ranges of two codings are never combined.
        let expandsGzip =
            !request.headers.contains("range")
            && request.headers.values(of: "accept-encoding").contains(where: GZipMiddleware.acceptsGzip)
        let response = await files.response(for: name, expandsGzip: expandsGzip) {
            request.log.warning("\($0)")
        }
        return response.answeringConditions(of: request.method, request.headers)
    }
}
