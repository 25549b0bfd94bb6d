import FormScripts
import Foundation
import StraitCore
import StraitHTTP
import StraitRouting
import StraitTesting
import TestFolders
import Testing

@testable import StraitWeb

/// Byte ranges and conditions of static files, in memory and in folders.
@Suite struct StaticRangeTests {
    private static let text = String(repeating: "0123456789", count: 100)
    private let scratch: TemporaryFolder

    enum Place: CaseIterable { case memory, root, debugMemory, debugFolder }

    init() throws { scratch = try TemporaryFolder() }

    private func ask(
        _ place: Place, _ headers: HTTPFields, method: HTTPMethod = .get
    ) async throws -> HTTPResponse {
        var settings = Settings()
        var source = StaticSource.embedded(["a.txt": Bytes(Self.text)])
        switch place {
        case .memory: break
        case .root:
            settings.staticRoot = scratch.path + "/root"
            _ = try StaticFiles.collect([source], into: scratch.path + "/root", baseURL: "/static/")
        case .debugMemory: settings.debug = true
        case .debugFolder:
            settings.debug = true
            let folder = scratch.path + "/files"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            if !FileManager.default.fileExists(atPath: folder + "/a.txt") {
                try Data(Self.text.utf8).write(to: URL(fileURLWithPath: folder + "/a.txt"))
            }
            source = .folder(folder)
        }
        let files = try StaticFiles([source], settings: settings)
        let router = try StaticFilesMiddleware(try URLRouter([]), files: files)
        return try await HTTPCommunicator(router, method, "/static/a.txt", headers: headers)
            .response(timeout: .seconds(600))
    }

    @Test(arguments: Place.allCases)
    func `a range request gets 206 from any source (RFC 9110 §14)`(place: Place) async throws {
        for (range, part, expected) in [
            ("bytes=0-1", "0-1", "01"), ("bytes=998-", "998-999", "89"), ("bytes=-3", "997-999", "789"),
            ("bytes=995-5000", "995-999", "56789"),
        ] {
            let response = try await ask(place, ["range": range])
            #expect(response.status == .partialContent && response.text == expected)
            #expect(response.headers["content-range"] == "bytes \(part)/1000")
            #expect(response.headers["accept-ranges"] == "bytes" && response.headers["content-encoding"] == nil)
        }
        let none = try await ask(place, ["range": "bytes=1000-"])
        #expect(none.status == .rangeNotSatisfiable && none.headers["content-range"] == "bytes */1000")
        let whole = try await ask(place, [:])
        #expect(whole.status == .ok && whole.text == Self.text && whole.headers["accept-ranges"] == "bytes")
        let several = try await ask(place, ["range": "bytes=0-1,4-5"])
        #expect(several.status == .ok && several.text == Self.text)
        let head = try await ask(place, ["range": "bytes=0-1"], method: .head)
        #expect(head.status == .ok && head.body.isEmpty)
    }

    @Test(arguments: Place.allCases)
    func `a range is sent only if If-Range matches the ETag (RFC 9110 §13.1.5)`(place: Place) async throws {
        let tag = try #require(try await ask(place, [:]).headers["etag"])
        let same = try await ask(place, ["range": "bytes=0-1", "if-range": tag])
        #expect(same.status == .partialContent && same.text == "01" && same.headers["etag"] == tag)
        for other in ["\"other\"", "W/" + tag] {
            let whole = try await ask(place, ["range": "bytes=0-1", "if-range": other])
            #expect(whole.status == .ok && whole.text == Self.text)
        }
    }

    @Test(arguments: Place.allCases)
    func `conditional requests work with any source (RFC 9110 §13)`(place: Place) async throws {
        let tag = try #require(try await ask(place, [:]).headers["etag"])
        #expect(try await ask(place, ["if-none-match": tag]).status == .notModified)
        #expect(try await ask(place, ["if-none-match": tag, "range": "bytes=0-1"]).status == .notModified)
        #expect(try await ask(place, ["if-match": "\"other\""]).status == .preconditionFailed)
        #expect(try await ask(place, ["if-match": tag, "range": "bytes=0-1"]).status == .partialContent)
    }

    @Test(arguments: [Place.memory, .root])
    func `a range is always of the uncompressed file, which has its own ETag`(place: Place) async throws {
        let gzip: HTTPFields = ["accept-encoding": "gzip"]
        let coded = try await ask(place, gzip)
        #expect(coded.headers["content-encoding"] == "gzip" && coded.headers["accept-ranges"] == "none")
        let tag = try #require(coded.headers["etag"])
        let part = try await ask(place, ["accept-encoding": "gzip", "range": "bytes=0-1"])
        #expect(part.status == .partialContent && part.text == "01" && part.headers["content-encoding"] == nil)
        #expect(part.headers["etag"] != tag && part.headers["vary"] == "Accept-Encoding")
        // A client that has part of the compressed file gets the whole file.
        let other = try await ask(place, ["accept-encoding": "gzip", "range": "bytes=5-", "if-range": tag])
        #expect(other.status == .ok && other.text == Self.text)
    }
}
