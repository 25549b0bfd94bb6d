import Foundation
import StraitCore
import StraitHTTP
import StraitRouting
import StraitTesting
import Testing

@testable import StraitWeb

@Suite struct ConditionalGetTests {
    private static let text = String(repeating: "All work and no play makes Jack a dull boy. ", count: 50)
    private static let date = "Sat, 21 Nov 2026 10:00:00 GMT"

    private static let routes: [Route] = [
        path("page") { _ in .text(text) },
        path("tagged") { _ in
            var response = Response.text(text)
            response.headers["etag"] = "\"mine\""
            response.headers["set-cookie"] = "a=b"
            return response
        },
        path("dated") { _ in
            var response = Response.stream(type: .text) { try await $0.write(text) }
            response.headers["last-modified"] = date
            return response
        },
        path("private") { _ in
            var response = Response.text(text)
            response.headers["cache-control"] = "private, No-Store"
            return response
        },
        path("created") { _ in .text(text, status: .created) },
        path("stream") { _ in .stream(type: .text) { try await $0.write(text) } },
        path("empty") { _ in Response() },
        path("known", Endpoint.response(.text(text))),
    ]

    private func ask(
        _ path: String, _ headers: HTTPFields = [:], method: HTTPMethod = .get, isCompressed: Bool = false
    ) async throws -> HTTPResponse {
        let pages = ConditionalGetMiddleware(try URLRouter(Self.routes))
        let site: any Application = isCompressed ? GZipMiddleware(pages) : pages
        return try await HTTPCommunicator(site, method, "/" + path, headers: headers).response(timeout: .seconds(600))
    }

    @Test(arguments: ["page", "known"])
    func `a page has a strong ETag of its content, and a client that has it gets 304`(path: String) async throws {
        let page = try await ask(path)
        let tag = try #require(page.headers["etag"])
        #expect(tag.wholeMatch(of: #/"[0-9a-f]{32}"/#) != nil && page.text == Self.text)
        #expect(try await ask(path).headers["etag"] == tag)
        #expect(try await ask(path, method: .head).headers["etag"] == tag)
        for known in [tag, "W/\(tag)", "\"x\", \(tag)", "*"] {
            let response = try await ask(path, ["if-none-match": known])
            #expect(response.status == .notModified && response.body.isEmpty)
            #expect(response.headers["etag"] == tag && response.headers["content-type"] == nil)
        }
        #expect(try await ask(path, ["if-none-match": "\"x\""]).text == Self.text)
    }

    @Test func `pages with different content have different ETags`() async throws {
        func tag(_ text: String) async throws -> String? {
            let pages = ConditionalGetMiddleware(try URLRouter([path("") { _ in .text(text) }]))
            return try await HTTPCommunicator(pages, .get, "/").response(timeout: .seconds(600)).headers["etag"]
        }
        #expect(try await tag("a") != tag("b"))
    }

    @Test func `a page's own ETag is kept, and a 304 response keeps its cookies`() async throws {
        #expect(try await ask("tagged").headers["etag"] == "\"mine\"")
        let response = try await ask("tagged", ["if-none-match": "\"mine\""])
        #expect(response.status == .notModified && response.headers["set-cookie"] == "a=b")
    }

    @Test func `a page with Last-Modified is compared by its date, even if it is streamed`() async throws {
        let same = try await ask("dated", ["if-modified-since": Self.date])
        #expect(same.status == .notModified && same.body.isEmpty && same.headers["etag"] == nil)
        let older = try await ask("dated", ["if-modified-since": "Sat, 21 Nov 2026 09:59:59 GMT"])
        #expect(older.status == .ok && older.text == Self.text)
        // If-None-Match takes precedence over If-Modified-Since (RFC 9110 §13.2.2).
        #expect(
            try await ask("dated", ["if-none-match": "\"x\"", "if-modified-since": Self.date]).status == .ok)
    }

    @Test func `an If-Match header that does not match gets 412 (RFC 9110 §13.1.1)`() async throws {
        #expect(try await ask("tagged", ["if-match": "\"other\""]).status == .preconditionFailed)
        #expect(try await ask("tagged", ["if-match": "\"mine\""]).status == .ok)
    }

    @Test(arguments: ["private", "created", "stream", "empty"])
    func `no-store, non-200, streamed and empty responses get no ETag`(path: String) async throws {
        let response = try await ask(path, ["if-none-match": "*"])
        #expect(response.status != .notModified && response.headers["etag"] == nil)
    }

    @Test func `a response to an unsafe method gets no ETag`() async throws {
        let response = try await ask("page", ["if-none-match": "*"], method: .post)
        #expect(response.status == .ok && response.headers["etag"] == nil)
    }

    @Test func `compression makes the ETag weak, and the weak ETag still matches`() async throws {
        let accepted: HTTPFields = ["accept-encoding": "gzip"]
        let packed = try await ask("page", accepted, isCompressed: true)
        let tag = try #require(packed.headers["etag"])
        #expect(packed.headers["content-encoding"] == "gzip" && tag.hasPrefix("W/\""))
        var again = accepted
        again["if-none-match"] = tag
        let known = try await ask("page", again, isCompressed: true)
        #expect(known.status == .notModified && known.body.isEmpty && known.headers["content-encoding"] == nil)
        // A 304 has the headers of the full response (RFC 9110 §15.4.5).
        #expect(known.headers["etag"] == tag && known.headers["vary"] == packed.headers["vary"])
        #expect(try await ask("page", isCompressed: true).headers["etag"].map { "W/" + $0 } == tag)
    }
}
