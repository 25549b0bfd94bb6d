import Foundation
import Testing

@testable import Strait

@Suite struct Reloads {
    private final class Folder {
        let path = NSTemporaryDirectory() + "reload-\(UUID().uuidString)"

        init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }
        deinit { try? FileManager.default.removeItem(atPath: path) }

        func write(_ name: String, at seconds: Double) throws {
            let file = path + "/" + name
            let folder = URL(filePath: file).deletingLastPathComponent().path
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try Data(name.utf8).write(to: URL(filePath: file))
            let date = Date(timeIntervalSince1970: seconds)
            try FileManager.default.setAttributes([.modificationDate: date], ofItemAtPath: file)
        }

        func remove(_ name: String) throws { try FileManager.default.removeItem(atPath: path + "/" + name) }
    }

    @Test func `a modified, added or removed source file is a change, and a build product is not`() throws {
        let folder = try Folder()
        try folder.write("Package.swift", at: 1)
        try folder.write("Sources/a/A.swift", at: 1)
        let first = SourceTree(of: folder.path)
        #expect(SourceTree(of: folder.path).firstChange(since: first) == nil)
        try folder.write(".build/debug/a", at: 5)
        try folder.write("Sources/a/A.swift~", at: 5)
        try folder.write(".git/index", at: 5)
        #expect(SourceTree(of: folder.path) == first)
        try folder.write("Sources/a/A.swift", at: 2)
        let second = SourceTree(of: folder.path)
        #expect(second.firstChange(since: first) == folder.path + "/Sources/a/A.swift")
        try folder.write("Sources/a/page.html", at: 1)
        let third = SourceTree(of: folder.path)
        #expect(third.firstChange(since: second) == folder.path + "/Sources/a/page.html")
        try folder.remove("Sources/a/page.html")
        #expect(SourceTree(of: folder.path).firstChange(since: third) == folder.path + "/Sources/a/page.html")
    }

    @Test func `a file that is read with each request is not a change`() throws {
        let folder = try Folder()
        try folder.write("Sources/Chat/Chat.swift", at: 1)
        try folder.write("Sources/Chat/Templates/chat/page.html", at: 1)
        let skipped: Set = [folder.path + "/Sources/Chat/Templates", folder.path + "/Sources/Chat/Static"]
        let first = SourceTree(of: folder.path, except: skipped)
        try folder.write("Sources/Chat/Templates/chat/page.html", at: 2)
        try folder.write("Sources/Chat/Static/chat/chat.css", at: 2)
        #expect(SourceTree(of: folder.path, except: skipped) == first)
        try folder.write("Sources/Blog/Templates/blog.html", at: 2)
        #expect(
            SourceTree(of: folder.path, except: skipped).firstChange(since: first)
                == folder.path + "/Sources/Blog/Templates/blog.html")
    }

    @Test func `the folders read with each request are those of the site and its apps that exist`() throws {
        struct One: App { let files: AppFiles }
        struct Two: Site {
            var folder = ""
            var files: AppFiles { AppFiles(folder: folder) }
            var installedApps: [any App] { [One(files: AppFiles(folder: "/nowhere"))] }
        }
        let folder = try Folder()
        #expect(
            try SiteParts(Two(folder: folder.path)).files.watchedFolders == [
                folder.path + "/Templates", folder.path + "/Static",
            ])
        let link = folder.path + "-link"
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: folder.path)
        defer { try? FileManager.default.removeItem(atPath: link) }
        #expect(
            try SiteParts(Two(folder: link)).files.watchedFolders
                == SiteParts(Two(folder: folder.path)).files.watchedFolders)
    }

    @Test func `a program's package is found from the program's path`() {
        let here = { (path: String) in path == "/home/ann/my site/Package.swift" }
        let debug = BuiltPackage(
            program: "/home/ann/my site/.build/x86_64-unknown-linux-gnu/debug/mysite", exists: here)
        #expect(debug?.buildArguments == ["build", "--package-path", "/home/ann/my site", "--product", "mysite"])
        let release = BuiltPackage(program: "/home/ann/my site/.build/release/mysite", exists: here)
        #expect(release?.buildArguments.suffix(2) == ["-c", "release"])
        #expect(BuiltPackage(program: "/usr/local/bin/mysite", exists: { _ in true }) == nil)
        #expect(BuiltPackage(program: "/srv/.build/debug/mysite", exists: here) == nil)
    }

    @Test func `runserver --reload works only with a port`() async {
        let run = await ProgramRun.of(Bare(), "runserver --reload --unix-socket /tmp/x")
        #expect(
            run.code == 2
                && run.errors == ["mysite: --reload works only with a port. Remove --unix-socket and --fd."])
    }

    private struct Bare: Site {}
}
