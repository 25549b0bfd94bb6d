import StraitHTTP
import StraitRouting
import Testing

/// Middleware that appends `name` to a response's `X-Way` header.
private struct Step: Middleware {
    let name: String
    let waits: Bool
    let inner: any Application

    func resolve(_ scope: Scope) async throws -> Resolution? {
        let name = name
        let change: @Sendable (inout Response) -> Void = {
            $0.headers["x-way"] = ($0.headers["x-way"] ?? "") + name
        }
        guard var resolution = try await inner.resolve(scope) else { return nil }
        if waits { resolution.mapResponse { change(&$0) } } else { resolution.changeResponse(change) }
        return resolution
    }
}

private struct Page: HTTPHandler {
    var endsWithClient: Bool { true }
    func respond(to request: Request) async throws -> Response { .text("x") }
}

@Suite struct `Response changes` {
    private func way(_ inner: any Application, _ waits: [Bool]) async throws -> String? {
        var application = inner
        for (index, waits) in waits.enumerated() {
            application = Step(name: "\(index)", waits: waits, inner: application)
        }
        let resolution = try #require(try await application.resolve(Scope(path: "/")))
        return try await resolution.respond(to: Request(scope: resolution.scope)).headers["x-way"]
    }

    @Test(arguments: [[false, false, false], [true, false, true], [false, true, false], [true, true, false]])
    func `inner middleware changes a response before outer middleware, synchronously or not`(
        waits: [Bool]
    ) async throws {
        #expect(try await way(Endpoint.http(Page()), waits) == "012")
        #expect(try await way(Endpoint.response(.notFound), waits) == "012")
    }

    @Test func `a change applies to the response of the final endpoint`() async throws {
        var resolution = Resolution(scope: Scope(path: "/"), endpoint: .http(Page()))
        resolution.changeResponse { $0.status = .gone }
        let request = Request(scope: resolution.scope)
        #expect(try resolution.respondNow(to: request) == nil)
        resolution.endpoint = .response(.notFound)
        let response = try #require(try resolution.respondNow(to: request))
        #expect(response.status == .gone && text(of: response) == "Not Found\n")
    }

    @Test func `an error in a change fails the request`() async throws {
        struct Failure: Error {}
        var resolution = Resolution(scope: Scope(path: "/"), endpoint: .response(.notFound))
        resolution.mapResponse { _ in throw Failure() }
        await #expect(throws: Failure.self) { try await resolution.respond(to: Request(scope: resolution.scope)) }
    }
}
