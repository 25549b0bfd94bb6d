import StraitHTTP
import StraitRouting
import Testing

private struct User {
    let name: String
}

private struct Stamp: Middleware {
    let inner: any Application

    func resolve(_ scope: Scope) async throws -> Resolution? {
        var scope = scope
        scope[User.self] = User(name: "ada")
        var resolution = try await inner.resolve(scope)
        resolution?.onAccept { $0["X-Stamp"] = "1" }
        resolution?.mapResponse { $0.headers["X-Stamp"] = "1" }
        return resolution
    }
}

@Suite struct `Middleware on a route` {
    @Test func `middleware can change the scope, the response and the headers of an accepted WebSocket`() async throws {
        let application = Stamp(
            inner: try URLRouter {
                path("") { request in .text(request.scope[User.self]?.name ?? "nobody") }
                path("ws/", socket: "x")
            })
        let resolution = try #require(try await application.resolve(Scope(path: "/")))
        let response = try await resolution.respond(to: Request(scope: resolution.scope))
        #expect(text(of: response) == "ada")
        #expect(response.headers["x-stamp"] == "1")
        let accepted = try await application.resolve(Scope(type: .webSocket, path: "/ws/"))
        var headers = HTTPFields()
        for change in accepted?.acceptChanges ?? [] { try await change(&headers) }
        #expect(headers["x-stamp"] == "1")
    }

    @Test func `every scope has cookies, with or without CookieMiddleware`() async throws {
        let scope = Scope(path: "/", headers: ["Cookie": "a=b; c=\"d e\""])
        #expect(scope.cookies == ["a": "b", "c": "d e"])
        let resolution = try await CookieMiddleware(page("x")).resolve(scope)
        #expect(resolution?.scope.cookies == ["a": "b", "c": "d e"])
        #expect(try await CookieMiddleware(page("x")).resolve(Scope(path: "/"))?.scope.cookies == [:])
    }
}
