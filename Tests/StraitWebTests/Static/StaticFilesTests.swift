import FormScripts
import Foundation
import StraitCore
import StraitHTTP
import StraitRouting
import StraitTesting
import TestFolders
import Testing

@testable import StraitWeb

@Suite struct StaticFilesTests {
    private static let css =
        "body { background: url('../img/a.png?v=1#x'); } /* " + String(repeating: "long ", count: 100) + "*/"
    private let sources: [StaticSource] = [
        .embedded(["site/css/site.css": Bytes(css), "site/img/a.png": [1, 2, 3], "robots.txt": "none"]),
        .embedded(["robots.txt": "never", "other.js": "let a = 1"]),
    ]

    private var production: Settings {
        var settings = Settings()
        settings.allowedHosts = ["*"]
        return settings
    }

    private func ask(_ path: String, _ files: StaticFiles, headers: HTTPFields = [:]) async throws -> HTTPResponse {
        let router = try StaticFilesMiddleware(try URLRouter([]), files: files)
        return try await HTTPCommunicator(router, .get, path, headers: headers).response(timeout: .seconds(600))
    }

    @Test func `without DEBUG, a file's URL has a hash of its contents and is cached as immutable`() async throws {
        let files = try StaticFiles(sources, settings: production)
        let url = try files.url("site/css/site.css")
        #expect(url.wholeMatch(of: #/\/static\/site\/css\/site\.[0-9a-f]{12}\.css/#) != nil)
        let response = try await ask(url, files)
        #expect(response.headers["cache-control"] == "public, max-age=31536000, immutable")
        #expect(response.headers["content-type"] == "text/css; charset=utf-8")
        // References in the file use hashed names.
        let picture = try #require(try files.url("site/img/a.png").split(separator: "/").last)
        #expect(response.text.contains("url('../img/\(picture)?v=1#x')"))
        #expect(try await ask("/static/site/css/site.css", files).headers["cache-control"] == "no-cache")
    }

    @Test func `a client that has a file gets 304, and one that accepts gzip gets gzip`() async throws {
        let files = try StaticFiles(sources, settings: production)
        let url = try files.url("site/css/site.css")
        let packed = try await ask(url, files, headers: ["accept-encoding": "br, gzip;q=0.5"])
        #expect(packed.headers["content-encoding"] == "gzip" && packed.headers["vary"] == "Accept-Encoding")
        #expect(packed.body.count < Self.css.utf8.count / 2)
        let tag = try #require(packed.headers["etag"])
        let known = try await ask(url, files, headers: ["accept-encoding": "gzip", "if-none-match": tag])
        #expect(known.status == .notModified && known.body.isEmpty)
        #expect(try await ask(url, files).headers["content-encoding"] == nil)
        #expect(try await ask(url, files, headers: ["accept-encoding": "gzip;q=0"]).headers["content-encoding"] == nil)
    }

    @Test func `with DEBUG, files keep their names, and the first source wins`() async throws {
        var settings = Settings()
        settings.debug = true
        let files = try StaticFiles(sources, settings: settings)
        #expect(try files.url("robots.txt") == "/static/robots.txt")
        #expect(try files.url("not/there.css") == "/static/not/there.css")
        #expect(try await ask("/static/robots.txt", files).text == "none")
        #expect(try await ask("/static/none.txt", files).status == .notFound)
    }

    @Test(arguments: ["/static/", "/app/static/"])
    func `static URLs begin with the root path exactly once`(staticURL: String) async throws {
        var settings = production
        settings.staticURL = staticURL
        let files = try StaticFiles(sources, settings: settings, rootPath: "/app")
        let url = try files.url("site/css/site.css")
        #expect(url.hasPrefix("/app/static/site/"))
        let router = try StaticFilesMiddleware(try URLRouter([]), files: files)
        #expect(try await router.resolve(Scope(path: url, rootPath: "/app")) != nil)
        let style = await files.response(for: String(url.dropFirst("/app/static/".count)), expandsGzip: false)
        guard case .bytes(let bytes) = style.body else { return #expect(Bool(false)) }
        #expect(String(decoding: bytes, as: UTF8.self).contains("url('../img/a."))
    }

    @Test func `the error for an unknown static file suggests a similar name`() throws {
        let files = try StaticFiles(sources, settings: production)
        do {
            _ = try files.url("site/css/sites.css")
            Issue.record("Expected an error for an unknown file")
        } catch {
            #expect(
                error.description == "There is no static file 'site/css/sites.css'. Did you mean 'site/css/site.css'?")
        }
    }

    @Test func `the error for a missing referenced file names both files`() {
        #expect(throws: StaticFilesError.missing("none.png", in: "a.css")) {
            try StaticCollection([.embedded(["a.css": "a { b: url(none.png) }"])], baseURLs: ["/static/"])
        }
        // References outside the static files are not checked.
        #expect(throws: Never.self) {
            try StaticCollection(
                [
                    .embedded([
                        "a.css": #"@import "https://x.example/a.css"; b { c: url(data:,x) url(#d) url(//e) url(/f) }"#
                    ])
                ],
                baseURLs: ["/static/"])
        }
    }

    @Test func `style sheets that import each other are hashed`() throws {
        let collection = try StaticCollection(
            [.embedded(["a.css": "@import 'b.css';", "b.css": "@import url(a.css);"])], baseURLs: ["/s/"])
        #expect(collection.files.count == 2)
        let a = try #require(collection.files["a.css"])
        #expect(String(decoding: a.contents, as: UTF8.self) == "@import '\(collection.files["b.css"]!.hashedName)';")
    }

    @Test func `a style sheet's references are found under any root path`() throws {
        let sources: [StaticSource] = [
            .embedded([
                "css/a.css": "a { b: url(../my%20cat.png) url(/static/my%20cat.png) url(/app/static/my%20cat.png?x) }",
                "my cat.png": [1],
            ])
        ]
        func text(_ collection: StaticCollection) throws -> String {
            let picture = try #require(collection.files["my cat.png"]).hashedName.split(separator: " ").last ?? ""
            return String(decoding: try #require(collection.files["css/a.css"]).contents, as: UTF8.self)
                .replacing(picture, with: "*")
        }
        #expect(
            try text(StaticCollection(sources, baseURLs: ["/app/static/", "/static/"]))
                == "a { b: url(../my%20*) url(/app/static/my%20*) url(/app/static/my%20*?x) }")
        #expect(
            try text(StaticCollection(sources, baseURLs: ["/static/"]))
                == "a { b: url(../my%20*) url(/static/my%20*) url(/app/static/my%20cat.png?x) }")
    }

    @Test func `a changed picture changes the hash of a style sheet that refers to it`() throws {
        func name(_ picture: Bytes) throws -> String {
            try StaticCollection([.embedded(["a.css": "x { y: url(p.png) }", "p.png": picture])], baseURLs: ["/"])
                .files["a.css"]!.hashedName
        }
        #expect(try name([1]) != name([2]))
        #expect(try name([1]) == name([1]))
    }

    @Test func `collecting writes hashed and compressed files, and only changes in a second run`() async throws {
        let root = NSTemporaryDirectory() + "static-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: root) }
        let done = try StaticFiles.collect(sources, into: root, baseURL: "/static/")
        #expect(done == StaticFiles.Collected(files: 4, compressed: 1, written: 4))
        #expect(try StaticFiles.collect(sources, into: root, baseURL: "/static/").written == 0)
        var settings = production
        settings.staticRoot = root
        let files = try StaticFiles([], settings: settings)
        let url = try files.url("site/css/site.css")
        let packed = try await ask(url, files, headers: ["accept-encoding": "gzip"])
        #expect(packed.headers["content-encoding"] == "gzip")
        #expect(packed.headers["content-type"] == "text/css; charset=utf-8")
        #expect(try await ask(url, files).text.contains("background"))
    }

    @Test func `the error for a source that is missing or not a folder names its path`() throws {
        let scratch = try TemporaryFolder()
        try Data().write(to: URL(fileURLWithPath: scratch.path + "/file"))
        for (name, problem) in [("none", "There is no such folder."), ("file", "It is a file.")] {
            let path = scratch.path + "/" + name
            let error = #expect(throws: StaticFilesError.self) { try StaticFiles.check([.folder(path)]) }
            #expect(
                error?.description
                    == """
                    The folder \(path) with static files cannot be read. \(problem) Fix that, or remove the folder \
                    from STATICFILES_DIRS or from the app that names it.
                    """
            )
            #expect(throws: StaticFilesError.self) {
                try StaticFiles.collect([.folder(path)], into: scratch.path + "/root", baseURL: "/static/")
            }
            #expect(throws: StaticFilesError.self) { try StaticFiles([.folder(path)], settings: production) }
        }
        #expect(scratch.names == ["file"])
    }

    // The superuser can read all files.
    @Test(.enabled(if: geteuid() != 0))
    func `the error for an unreadable file or subfolder names its path`() throws {
        let scratch = try TemporaryFolder()
        let (folder, file) = (scratch.path + "/folder", scratch.path + "/file")
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0])
        defer { _ = unsafe chmod(folder, 0o700) }
        var error = #expect(throws: StaticFilesError.self) { try StaticFiles.check([.folder(scratch.path)]) }
        #expect(error?.description.contains("\(folder) with static files cannot be read. The program's user") == true)
        try FileManager.default.removeItem(atPath: folder)
        try Data().write(to: URL(fileURLWithPath: file))
        unsafe chmod(file, 0)
        error = #expect(throws: StaticFilesError.self) {
            try StaticFiles([.folder(scratch.path)], settings: production)
        }
        #expect(error?.description.hasPrefix("The static file \(file) cannot be read.") == true)
    }

    @Test func `a folder's listing leaves out hidden files, pipes and links that lead out of it`() throws {
        let scratch = try TemporaryFolder()
        let folder = scratch.path + "/files"
        for name in ["a/b/c", "empty", ".git"] {
            try FileManager.default.createDirectory(atPath: folder + "/" + name, withIntermediateDirectories: true)
        }
        for name in ["/files/z", "/files/a/b/c/d.css", "/files/a/b.css", "/files/.x", "/files/.git/y", "/secret"] {
            try Data("x".utf8).write(to: URL(fileURLWithPath: scratch.path + name))
        }
        let links = [("in", "/files/z"), ("out", "/secret"), ("folder", "/files/a"), ("up", ""), ("nowhere", "/none")]
        for (name, target) in links {
            try FileManager.default.createSymbolicLink(
                atPath: folder + "/" + name, withDestinationPath: scratch.path + target)
        }
        #expect(unsafe mkfifo(folder + "/pipe", 0o600) == 0)
        let listing = try StaticSource.folder(folder).listing()
        #expect(listing.names == ["a/b.css", "a/b/c/d.css", "folder/b.css", "folder/b/c/d.css", "in", "z"])
        #expect(Set(listing.leftOut.map(\.path)) == Set(["out", "up", "nowhere"].map { folder + "/" + $0 }))
        #expect(try StaticCollection([.folder(folder)], baseURLs: ["/"]).files.count == 6)
    }

    @Test func `the error for a STATIC_ROOT that is not writable names the path`() throws {
        let scratch = try TemporaryFolder()
        try Data().write(to: URL(fileURLWithPath: scratch.path + "/file"))
        let root = scratch.path + "/file/static"
        let error = #expect(throws: StaticFilesError.self) {
            try StaticFiles.collect([.embedded(["a.txt": "a"])], into: root, baseURL: "/static/")
        }
        #expect(
            error?.description
                == """
                \(root)/a.txt cannot be written: Not a directory. Give STATIC_ROOT a folder that the program's user \
                may write to.
                """
        )
    }

    @Test(arguments: [
        "/static/../secret", "/static/%2e%2e/secret", "/static/..%2fsecret", "/static/a/../../secret",
        "/static//etc/passwd",
        "/static/.hidden", "/static/site%5c..%5csecret", "/static/link/secret", "/static/",
    ])
    func `files outside the folder and hidden files are not served`(path: String) async throws {
        let root = NSTemporaryDirectory() + "static-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: root) }
        try FileManager.default.createDirectory(atPath: root + "/files", withIntermediateDirectories: true)
        try Data("secret".utf8).write(to: URL(fileURLWithPath: root + "/secret"))
        try Data("hidden".utf8).write(to: URL(fileURLWithPath: root + "/files/.hidden"))
        try FileManager.default.createSymbolicLink(atPath: root + "/files/link", withDestinationPath: root)
        var settings = Settings()
        settings.debug = true
        let files = try StaticFiles([.folder(root + "/files")], settings: settings)
        #expect(try await ask(path, files).status == .notFound)
    }
}
