import StraitCore
import StraitHTTP
import StraitRouting
import StraitServer
import StraitTesting
import Testing

@Suite struct RootPaths {
    private let script = ServerScript()

    private func serve(at root: String) throws {
        script.serve(
            try URLRouter {
                path("a") { .text("a \($0.path) \($0.scope.rootPath)") }
                path("apple") { .text("apple \($0.path)") }
                path("") { .text("index \($0.path)") }
            },
            configure: { $0.rootPath = root })
    }

    private func get(_ path: String) async -> String {
        let text = await script.answer("GET \(path) HTTP/1.1\r\nHost: site\r\n\r\n")
        return text.split(separator: "\r\n").last.map(String.init) ?? ""
    }

    @Test(arguments: ["/app", "/app/", "app", "//app//"])
    func `the path has the root path whether or not the proxy strips it, and routes do not see it`(
        root: String
    ) async throws {
        try serve(at: root)
        #expect(await get("/a") == "a /app/a /app")
        #expect(await get("/app/a") == "a /app/a /app")
        #expect(await get("/apple") == "apple /app/apple")
        #expect(await get("/") == "index /app/")
        #expect(await get("/app") == "index /app")
        #expect(await get("/app/") == "index /app/")
    }

    @Test(arguments: ["", "/app"])
    func `OPTIONS * is answered before routing (RFC 9110 §9.3.7)`(root: String) async throws {
        try serve(at: root)
        let text = await script.answer("OPTIONS * HTTP/1.1\r\nHost: site\r\n\r\n")
        #expect(text.hasPrefix("HTTP/1.1 204 "))
        #expect(script.log.lines == [])
    }
}
