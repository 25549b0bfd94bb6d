import StraitHTTP
import StraitNetwork
import StraitRouting
import StraitServer
import Testing

@Suite struct Forwarding {
    private func client(_ fields: [String], from host: String = "10.0.0.1", trusting peers: [String] = ["10.0.0.1"])
        async throws -> String
    {
        let script = ServerScript()
        try script.serve(
            configure: { $0.proxies = TrustedProxies(peers) },
            page: { .text("\($0.scope.client?.description ?? "-") \($0.scope.scheme)") })
        let request = (["GET / HTTP/1.1", "Host: site"] + fields).joined(separator: "\r\n") + "\r\n\r\n"
        let text = await script.answer(request, from: host)
        let answer = text.split(separator: "\r\n").last.map(String.init) ?? ""
        // The access log names the same client.
        #expect(script.access.lines.first?.hasPrefix(answer.split(separator: " ")[0] + " - - ") == true)
        return answer
    }

    @Test(
        arguments: [
            ([], "10.0.0.1:5001 http"),
            (["X-Forwarded-For: 10.1.2.3", "X-Forwarded-Port: 80"], "10.1.2.3:80 http"),
            (["X-Forwarded-For: 10.1.2.3"], "10.1.2.3:0 http"),
            (["X-Forwarded-For: 10.1.2.3, 10.1.2.4"], "10.1.2.3:0 http"),
            (["X-Forwarded-For:  10.1.2.3 , 10.1.2.4", "X-Forwarded-Proto: https"], "10.1.2.3:0 https"),
            (["X-Forwarded-For: 1043::a321:0001, 10.0.5.6"], "[1043::a321:0001]:0 http"),
            (["X-Forwarded-For: 10.1.2.3", "X-Forwarded-Port: many"], "10.1.2.3:0 http"),
            (["X-Forwarded-For: 10.1.2.3", "X-Forwarded-Port: 70000"], "10.1.2.3:0 http"),
            (["X-Forwarded-Proto: https"], "10.0.0.1:5001 https"),
            (["X-Forwarded-For: ", "X-Forwarded-Proto: gopher"], "10.0.0.1:5001 http"),
        ] as [([String], String)])
    func `a trusted proxy says who the client is`(fields: [String], expected: String) async throws {
        #expect(try await client(fields) == expected)
    }

    @Test func `nobody else does`() async throws {
        let fields = ["X-Forwarded-For: 10.1.2.3", "X-Forwarded-Port: 80", "X-Forwarded-Proto: https"]
        #expect(try await client(fields, from: "10.0.0.9") == "10.0.0.9:5001 http")
        #expect(try await client(fields, trusting: []) == "10.0.0.1:5001 http")
        // Daphne believes this field of anyone.
        #expect(try await client(["Daphne-Root-Path: /evil"]) == "10.0.0.1:5001 http")
    }
}
