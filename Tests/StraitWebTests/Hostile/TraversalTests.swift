import FormScripts
import Foundation
import StraitCore
import StraitTesting
import TestFolders
import Testing

@testable import StraitWeb

/// Paths that try to lead out of the served folders.
@Suite(.serialized) struct TraversalTests {
    /// Paths that must not be served: outside the folder, hidden or not a file.
    private static let outside = [
        "../secret.txt", "%2e%2e/secret.txt", ".%2E/secret.txt", "..%2fsecret.txt", "%2e%2e%2fsecret.txt",
        "sub/../../secret.txt", "sub/%2e%2e/%2e%2e/secret.txt", "..\\secret.txt", "..%5csecret.txt",
        "sub\\..\\a.txt", "%252e%252e/secret.txt", "/etc/passwd", "%2fetc%2fpasswd", "//etc/passwd", "link.txt",
        "up/secret.txt", ".hidden", "sub/../.hidden", "./a.txt", "%D8%80/../../secret.txt", "", "sub", "sub/", "a.txt/",
        "a.txt/..", "file:///etc/passwd", String(repeating: "a", count: 5000),
        String(repeating: "sub/../", count: 500) + "a.txt",
    ]

    /// The source of the static files.
    enum Place: CaseIterable { case sources, memory, root }

    private static func site(_ place: Place) throws -> HostileSite {
        try HostileSite { settings, folder in
            settings.debug = place == .sources
            guard place == .root else { return }
            let root = folder.path + "/root"
            _ = try StaticFiles.collect([.folder(folder.path + "/public")], into: root, baseURL: "/static/")
            // Files that are in the folder although they were not collected.
            for (name, target) in [("link.txt", "/secret.txt"), ("up", "")] {
                try FileManager.default.createSymbolicLink(
                    atPath: root + "/" + name, withDestinationPath: folder.path + target)
            }
            try Data(HostileSite.hidden.utf8).write(to: URL(fileURLWithPath: root + "/.hidden"))
            settings.staticRoot = root
        }
    }

    @Test(arguments: Place.allCases)
    func `hidden static files and files outside the folder are not served`(place: Place) async throws {
        let site = try Self.site(place)
        #expect(await site.ask(HostileSite.head("GET /static/a.txt")).body == "hello")
        #expect(await site.ask(HostileSite.head("GET /static/sub%2fb.css")).body == "b {}")
        for name in Self.outside {
            let answer = await site.ask(HostileSite.head("GET /static/\(name)"))
            #expect(answer.status == 404 && !answer.body.contains(HostileSite.hidden), "\(name)")
        }
        for name in ["a.txt%00", "a.txt%00.png", "%00", "%c0%ae%c0%ae/secret.txt", "%ff", "%2", "a#b"] {
            let answer = await site.ask(HostileSite.head("GET /static/\(name)"))
            #expect(answer.status == 400, "\(name)")
        }
        #expect(site.log.lines == [])
        await site.server.stop()
    }

    @Test func `a handler that serves a file named in its path serves none outside the folder`() async throws {
        let site = try HostileSite()
        #expect(await site.ask(HostileSite.head("GET /media/a.txt")).body == "hello")
        for name in [
            "..", "%2e%2e", ".", "sub", "..%2fsecret.txt", "%2e%2e%2fsecret.txt", "..%5csecret.txt", "..\\secret.txt",
            "a.txt%2f..%2f..%2fsecret.txt", String(repeating: "a", count: 300),
        ] {
            let answer = await site.ask(HostileSite.head("GET /media/\(name)"))
            #expect(answer.status == 404 && !answer.body.contains(HostileSite.hidden), "\(name)")
        }
        #expect(await site.ask(HostileSite.head("GET /media/a.txt%00.png")).status == 400)
        #expect(site.log.lines == [])
        await site.server.stop()
    }

    @Test func `a handler that serves a path in a folder serves nothing outside the folder`() async throws {
        let site = try HostileSite()
        #expect(await site.ask(HostileSite.head("GET /served/a.txt")).body == "hello")
        #expect(await site.ask(HostileSite.head("GET /served/sub/b.css")).body == "b {}")
        for name in Self.outside {
            let answer = await site.ask(HostileSite.head("GET /served/\(name)"))
            #expect(answer.status == 404 && !answer.body.contains(HostileSite.hidden), "\(name)")
        }
        #expect(site.log.lines == [])
        await site.server.stop()
    }
}
