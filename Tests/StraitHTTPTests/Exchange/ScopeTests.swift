import StraitCore
import StraitHTTP
import Testing

private struct User {
    let name: String
}

@Suite struct Scopes {
    @Test func `a scope is created from a request's head`() {
        let head = HTTPRequestHead(
            rawPath: "/foo%2Fbar", queryString: "a=1&a=2",
            fields: ["Sec-WebSocket-Protocol": "a , b", "sec-websocket-protocol": "c"])
        let scope = Scope(
            type: .webSocket, head: head, isSecure: true, client: .internet(host: "10.0.0.1", port: 5), server: nil,
            services: .none)
        #expect(scope.path == "/foo/bar")
        #expect(scope.rawPath == "/foo%2Fbar")
        #expect(scope.scheme == "wss")
        #expect(scope.subprotocols == ["a", "b", "c"])
        #expect(scope.query.values(of: "a") == ["1", "2"])
        #expect(scope.client == .internet(host: "10.0.0.1", port: 5))
        #expect("\(scope.httpVersion)" == "1.1")
    }

    @Test func `changing a copy does not change the original`() {
        let scope = Scope(path: "/")
        var copy = scope
        copy.scheme = "https"
        copy[User.self] = User(name: "ada")
        #expect(scope.scheme == "http")
        #expect(scope[User.self] == nil)
        #expect(copy[User.self]?.name == "ada")
    }
}
