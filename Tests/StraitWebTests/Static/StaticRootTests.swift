import FormScripts
import Foundation
import StraitCore
import StraitHTTP
import StraitRouting
import StraitTesting
import TestFolders
import Testing

@testable import StraitWeb

/// Collecting files into `STATIC_ROOT` and serving them from there.
@Suite struct StaticRootTests {
    private let scratch: TemporaryFolder
    private var root: String { scratch.path + "/root" }
    private let long = String(repeating: "a { color: red } ", count: 40)

    init() throws { scratch = try TemporaryFolder() }

    private func collect(_ files: [String: Bytes], clearing: Bool = false) throws -> StaticFiles.Collected {
        try StaticFiles.collect([.embedded(files)], into: root, baseURL: "/static/", clearing: clearing)
    }

    private func write(_ text: String, to name: String) throws {
        let url = URL(fileURLWithPath: scratch.path + "/" + name)
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
    }

    private var names: [String] { (try? FileManager.default.subpathsOfDirectory(atPath: root).sorted()) ?? [] }

    private func ask(_ path: String, headers: HTTPFields = ["accept-encoding": "gzip"]) async throws -> HTTPResponse {
        var settings = Settings()
        settings.staticRoot = root
        let files = try StaticFiles([], settings: settings)
        let router = try StaticFilesMiddleware(try URLRouter([]), files: files)
        return try await HTTPCommunicator(router, .get, path, headers: headers).response(timeout: .seconds(600))
    }

    @Test func `a file that is no longer compressed loses its old compressed file`() async throws {
        _ = try collect(["a.css": Bytes(long)])
        #expect(try await ask("/static/a.css").headers["content-encoding"] == "gzip")
        #expect(names.filter { $0.hasSuffix(".gz") }.count == 2)
        let again = try collect(["a.css": "b{}"])
        #expect(again.removed == 2)
        let response = try await ask("/static/a.css")
        #expect(response.headers["content-encoding"] == nil && response.text == "b{}")
        #expect(names.filter { $0.hasSuffix(".gz") } == [])
        #expect(try collect(["a.css": "b{}"]).removed == 0)
    }

    @Test func `a source's own .gz file is kept and not used as a compressed file`() async throws {
        let files: [String: Bytes] = ["data.csv": Bytes(long), "data.csv.gz": "unrelated"]
        for _ in 0..<2 {
            _ = try collect(files)
            let response = try await ask("/static/data.csv")
            #expect(response.headers["content-encoding"] == nil && response.text == long)
            #expect(try await ask("/static/data.csv.gz").text == "unrelated")
        }
        // A compressed file of an earlier run is kept if a source now has a file with its name.
        _ = try collect(["x.css": Bytes(long)])
        _ = try collect(["x.css": "b{}", "x.css.gz": "mine"])
        #expect(try await ask("/static/x.css.gz").text == "mine")
    }

    @Test func `a manifest from Django or an earlier version lists no compressed files`() async throws {
        try write(long, to: "root/a.css")
        try write("old", to: "root/a.css.gz")
        try write(#"{"paths": {"a.css": "a.css"}, "version": "1.0"}"#, to: "root/staticfiles.json")
        let response = try await ask("/static/a.css")
        #expect(response.headers["content-encoding"] == nil && response.text == long)
    }

    @Test func `a tampered manifest cannot remove or serve files outside the folder`() async throws {
        try write("keep", to: "outside.gz")
        try write(
            #"""
            {"paths": {"a.css": "a.css"}, "version": "1.1", "strait": \#
            {"gzip": {"a.css": "../outside.gz", "b": "/etc/passwd", "c": "a.css"}}}
            """#,
            to: "root/staticfiles.json")
        try write("b{}", to: "root/a.css")
        #expect(try await ask("/static/a.css").text == "b{}")
        #expect(try collect(["b.css": "b{}"]).removed == 0)
        #expect(FileManager.default.fileExists(atPath: scratch.path + "/outside.gz"))
        #expect(names.contains("a.css"))
    }

    @Test func `the manifest is in Django's format and also lists the compressed files`() throws {
        _ = try collect(["a.css": Bytes(long), "b.txt": "b"])
        let data = try #require(FileManager.default.contents(atPath: root + "/staticfiles.json"))
        let json = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        #expect(Set(json.keys) == ["paths", "version", "hash", "strait"])
        #expect(json["version"] as? String == "1.1")
        #expect((json["hash"] as? String)?.wholeMatch(of: /[0-9a-f]{12}/) != nil)
        let paths = try #require(json["paths"] as? [String: String])
        #expect(Set(paths.keys) == ["a.css", "b.txt"])
        let gzip = try #require((json["strait"] as? [String: [String: String]])?["gzip"])
        #expect(gzip == ["a.css": "a.css.gz", try #require(paths["a.css"]): try #require(paths["a.css"]) + ".gz"])
    }

    @Test func `clearing removes old files and links, but never a link's target`() throws {
        try write("old", to: "root/old/x.css")
        try write("kept", to: "elsewhere/kept")
        try FileManager.default.createSymbolicLink(
            atPath: root + "/link", withDestinationPath: scratch.path + "/elsewhere")
        _ = try collect(["a.txt": "a"])
        #expect(names.contains("old/x.css"))
        _ = try collect(["a.txt": "a"], clearing: true)
        #expect(names.count == 3 && names.contains("a.txt") && names.contains("staticfiles.json"))
        #expect(FileManager.default.fileExists(atPath: scratch.path + "/elsewhere/kept"))
        // Clearing a missing folder is not an error.
        try FileManager.default.removeItem(atPath: root)
        _ = try collect(["a.txt": "a"], clearing: true)
    }

    @Test func `the root, home and working directories and their parents are never cleared`() throws {
        let manager = FileManager.default
        let home = manager.homeDirectoryForCurrentUser.path
        let work = manager.currentDirectoryPath
        for (folder, problem) in [
            ("/", "STATIC_ROOT / is the root of the file system"), ("/../", "STATIC_ROOT /../ is the root"),
            (work, "STATIC_ROOT \(work) is the working directory"),
            (work + "/.", "STATIC_ROOT \(work)/. is the working"),
            (work + "/..", "STATIC_ROOT \(work)/.. contains the working directory"),
        ] {
            let error = #expect(throws: StaticFilesError.self) { try StaticRoot(folder).clear(keeping: []) }
            #expect(error?.description.hasPrefix(problem) == true, "\(folder): \(String(describing: error))")
        }
        #expect(throws: StaticFilesError.self) { try StaticRoot(home).clear(keeping: []) }
        let link = scratch.path + "/link"
        try manager.createSymbolicLink(atPath: link, withDestinationPath: work)
        #expect(throws: StaticFilesError.self) { try StaticRoot(link).clear(keeping: []) }
    }

    @Test func `a source that overlaps STATIC_ROOT is rejected (staticfiles.E002)`() throws {
        let source = scratch.path + "/source"
        try write("a", to: "source/a.txt")
        try FileManager.default.createDirectory(atPath: source + "/inner", withIntermediateDirectories: true)
        let link = scratch.path + "/link"
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: source)
        for (root, relation) in [
            (source, "is"), (source + "/", "is"), (source + "/inner/..", "is"), (link, "is"),
            (source + "/inner", "is in"), (source + "/none/yet", "is in"), (link + "/none", "is in"),
            (scratch.path, "contains"), (source + "/..", "contains"),
        ] {
            let error = #expect(throws: StaticFilesError.self) {
                try StaticFiles.collect([.folder(source)], into: root, baseURL: "/static/")
            }
            #expect(
                error?.description
                    == """
                    STATIC_ROOT: '\(root)' \(relation) \(source), a source of static files. Give STATIC_ROOT a \
                    separate folder. (staticfiles.E002)
                    """
            )
            var settings = Settings()
            settings.staticRoot = root
            #expect(settings.folderProblems([.folder(source)]).map(\.id) == ["staticfiles.E002"])
        }
        // A folder whose name only begins with the source's name is a different folder.
        #expect(throws: Never.self) {
            try StaticFiles.collect([.folder(source)], into: source + "2", baseURL: "/static/")
        }
    }

    @Test func `the errors for a full disk and a file that cannot be removed say what to do`() {
        #expect(
            StaticFilesError.unwritable("/s/a", "No space left on device", isFull: true).description
                == """
                /s/a cannot be written: No space left on device. Make room on the disk, or give STATIC_ROOT a folder \
                on another.
                """
        )
        let error = #expect(throws: StaticFilesError.self) {
            try write("a", to: "file")
            try StaticRoot(scratch.path + "/file").clear(keeping: [])
        }
        #expect(
            error?.description
                == """
                \(scratch.path)/file cannot be removed: Not a directory. Allow the program's user to remove it, or \
                remove it by hand.
                """
        )
    }

    @Test func `a static file with the manifest's name is rejected`() {
        #expect(throws: StaticFilesError.manifestName) { try collect(["staticfiles.json": "{}"]) }
    }

    @Test func `links are handled alike in listing, collecting, serving and media files`() async throws {
        let folder = scratch.path + "/files"
        try write("b", to: "files/a/b.txt")
        try write("secret", to: "secret/s.txt")
        try write("hidden", to: "files/.h/h.txt")
        for (name, target) in [
            ("inner", folder + "/a"), ("file.txt", folder + "/a/b.txt"), ("out", scratch.path + "/secret"),
            ("out.txt", scratch.path + "/secret/s.txt"), ("up", folder), ("hidden.txt", folder + "/.h/h.txt"),
            ("none.txt", "/none"), ("a/back", folder + "/a"), ("a/around", folder),
        ] { try FileManager.default.createSymbolicLink(atPath: folder + "/" + name, withDestinationPath: target) }
        let listing = try StaticSource.folder(folder).listing()
        #expect(listing.names == ["a/b.txt", "file.txt", "inner/b.txt"])
        var debug = Settings()
        debug.debug = true
        debug.mediaRoot = folder
        let served = try StaticFiles([.folder(folder)], settings: debug)
        for name in [
            "a/b.txt", "file.txt", "inner/b.txt", "out/s.txt", "out.txt", "up/a/b.txt", "hidden.txt", "none.txt",
            "a/back/b.txt", "a/around/a/b.txt", "inner/back/b.txt", "inner/around/a/b.txt", "inner", "a",
        ] {
            let isListed = listing.names.contains(name)
            #expect((await served.response(for: name, expandsGzip: false).status == .ok) == isListed, "\(name)")
            let media = try? await Response.file(name, in: folder)
            #expect((media != nil) == isListed, "\(name)")
        }
        var reports: [String] = []
        _ = await served.response(for: "out/s.txt", expandsGzip: false) { reports.append($0.description) }
        #expect(
            reports == [
                """
                \(folder)/out is left out: the link leads out of \(folder). Copy its target there, or add the other \
                folder as well.
                """
            ])
        let done = try StaticFiles.collect([.folder(folder)], into: root, baseURL: "/static/")
        #expect(done.warnings.contains(reports[0]) && done.files == 3)
        #expect(names.contains("inner/b.txt") && !names.contains("out.txt"))
        let production = try StaticFiles([.folder(folder)], settings: Settings())
        #expect(production.warnings == done.warnings)
    }
}
