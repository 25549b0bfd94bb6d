import StraitHTTP

/// A handler that calls a function.
struct FunctionHandler: HTTPHandler {
    let methods: AllowedMethods?
    let body: @Sendable (Request) async throws -> Response

    init(_ methods: [HTTPMethod]?, _ body: @escaping @Sendable (Request) async throws -> Response) {
        self.methods = methods.map(AllowedMethods.init)
        self.body = body
    }

    var name: String { "a function" }

    func respond(to request: Request) async throws -> Response {
        if let answer = methods?.answer(to: request.method) { return answer }
        return try await body(request)
    }
}

/// A handler that calls a function that never waits.
struct ImmediateFunctionHandler: ImmediateHandler {
    let methods: AllowedMethods?
    let body: @Sendable (Request) throws -> Response

    init(_ methods: [HTTPMethod]?, _ body: @escaping @Sendable (Request) throws -> Response) {
        self.methods = methods.map(AllowedMethods.init)
        self.body = body
    }

    var name: String { "a function" }

    func answer(_ request: Request) throws -> Response {
        if let answer = methods?.answer(to: request.method) { return answer }
        return try body(request)
    }
}
