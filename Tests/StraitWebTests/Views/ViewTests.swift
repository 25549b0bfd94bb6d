import StraitCore
import StraitHTTP
import StraitRouting
import StraitTesting
import StraitWeb
import Testing

private struct Thing: GetView, PostView, DeleteView {
    func get(_ request: Request) async throws -> Response { .text("got") }
    func post(_ request: Request) async throws -> Response { .text("posted", status: .created) }
    func delete(_ request: Request) async throws -> Response { Response(status: .noContent) }
}

@Suite struct Views {
    private func ask(_ method: HTTPMethod) async throws -> HTTPResponse {
        let routes = try URLRouter { path("thing/", Thing(), name: "thing") }
        return try await HTTPCommunicator(routes, method, "/thing/").response()
    }

    @Test func `each HTTP method calls the view's method of that name`() async throws {
        #expect(try await ask(.get).text == "got")
        #expect(try await ask(.post).status == .created)
        #expect(try await ask(.delete).status == .noContent)
    }

    @Test func `HEAD and OPTIONS are answered automatically (RFC 9110 §9.3.2, §9.3.7)`() async throws {
        #expect(try await ask(.head).status == .ok)
        let options = try await ask(.options)
        #expect(options.status == .ok && options.headers["allow"] == "GET, HEAD, POST, DELETE, OPTIONS")
    }

    @Test(arguments: [HTTPMethod.put, .patch, "PROPFIND"])
    func `an unsupported method gets 405 with the methods that the view supports`(method: HTTPMethod) async throws {
        let response = try await ask(method)
        #expect(response.status == .methodNotAllowed)
        #expect(response.headers["allow"] == "GET, HEAD, POST, DELETE, OPTIONS")
    }
}
