import StraitCore
import StraitHTTP
import StraitRouting
import Testing

private func upload(_ request: Request) async throws -> Response { .text("uploaded \(request.method)") }
private func plain(_ request: Request) -> Response { .text("plain") }

private struct RoomView: HTTPHandler {
    func respond(to request: Request) async throws -> Response { .text("room") }
}

@Suite struct Paths {
    @Test func `a route can have a function, a closure, a view or an application as its target`()
        async throws
    {
        let ready: any Application = page("ready")
        let router = try URLRouter {
            path("a/", upload, name: "a")
            path("b/", upload)
            path("p/", upload, methods: [.get])
            path("q/", plain, kwargs: ["x": 1])
            rePath(#/^r/$/#, upload, template: "r/")
            path("c/", plain, kwargs: ["x": 1], name: "c")
            path("d/", plain)
            path("e/", name: "e") { request in try await upload(request) }
            path("f/") { _ in .text("closure") }
            path("g/", RoomView(), name: "g")
            path("h/", page("page"))
            path("i/", ready)
            path("j/", try URLRouter { path("k/", page("inner")) })
            rePath(#/^l/$/#, upload, name: "l")
            rePath(#/^m/$/#, RoomView(), template: "m/", name: "m")
            rePath(#/^n/$/#) { _ in .text("closure") }
            rePath(#/^o/$/#, plain, name: "o")
        }
        for (path, text) in [
            ("a", "uploaded GET"), ("b", "uploaded GET"), ("c", "plain"), ("d", "plain"), ("e", "uploaded GET"),
            ("f", "closure"), ("g", "room"), ("h", "page"), ("i", "ready"), ("j/k", "inner"), ("l", "uploaded GET"),
            ("m", "room"), ("n", "closure"), ("o", "plain"), ("p", "uploaded GET"), ("q", "plain"),
            ("r", "uploaded GET"),
        ] {
            #expect(try await outcome(router, "/\(path)/")?.text == text, "\(path)")
        }
        let names = URLNames(of: router)
        for name in ["a", "c", "e", "g", "m"] { #expect(try names.reverse(name) == "/\(name)/") }
    }

    @Test func `a synchronous function is called without a task`() throws {
        let router = try URLRouter {
            path("now/", plain, name: "now")
            path("later/", upload, name: "later")
        }
        func answersNow(_ path: String) throws -> Bool {
            let scope = Scope(path: path)
            guard case .resolved(let resolution?) = try router.resolveNow(scope) else { return false }
            return try resolution.respondNow(to: Request(scope: scope)) != nil
        }
        #expect(try answersNow("/now/"))
        #expect(try !answersNow("/later/"))
    }

    @Test func `every form of route calls its function only for the given methods`() async throws {
        let router = try URLRouter {
            path("a/", methods: [.post], name: "a") { _ in .text("a") }
            path("b/", upload, methods: [.post], name: "b")
            path("c/", plain, methods: [.post], name: "c")
            rePath(#/^d/$/#, methods: [.post]) { _ in .text("d") }
            rePath(#/^e/$/#, upload, methods: [.post], name: "e")
        }
        for path in ["/a/", "/b/", "/c/", "/d/", "/e/"] {
            for (method, status) in [(HTTPMethod.post, 200), (.get, 405)] {
                let scope = Scope(method: method, path: path)
                let resolution = try #require(try await router.resolve(scope))
                let response = try await resolution.respond(to: Request(scope: scope))
                #expect(response.status.code == status, "\(method) \(path)")
            }
        }
    }

    @Test func `creating a router with a route without a target throws`() {
        var error = #expect(throws: RoutingError.self) { try URLRouter([path("tea/", name: "tea")]) }
        #expect(error?.code == .missingTarget)
        #expect(
            error?.description
                == "The route to 'tea/' has no target. Add one after its path: a function, a view, a consumer, or "
                + "another application.")
        error = #expect(throws: RoutingError.self) { try URLRouter([rePath(#/^tea$/#)]) }
        #expect(error?.description.hasPrefix("The route to '^tea$' has no target.") == true)
    }
}
