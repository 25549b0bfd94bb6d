import Foundation
import StraitTemplates
import Testing

@Suite struct LoaderTests {
    private func withFolder<Result>(_ body: (URL) throws -> Result) throws -> Result {
        let root = FileManager.default.temporaryDirectory.appending(path: "strait-templates-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: root.appending(path: "in/sub"), withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: root) }
        return try body(root)
    }

    private func write(_ text: String, _ url: URL) throws { try Data(text.utf8).write(to: url) }

    @Test func `FolderLoader finds a template by its path in the folder`() throws {
        try withFolder { root in
            try write("x{{ a }}", root.appending(path: "in/sub/a.html"))
            let engine = TemplateEngine(loaders: [FolderLoader(root.appending(path: "in").path)])
            #expect(try engine.render("sub/a.html", ["a": 1]) == "x1")
        }
    }

    @Test(arguments: [
        "../secret.html", "sub/../../secret.html", "/etc/passwd", "link.html", "sub", "", "./a", "a\u{0}b",
    ])
    func `FolderLoader finds nothing for an invalid name or one that leads out of the folder`(name: String) throws {
        try withFolder { root in
            try write("secret", root.appending(path: "secret.html"))
            try FileManager.default.createSymbolicLink(
                at: root.appending(path: "in/link.html"), withDestinationURL: root.appending(path: "secret.html"))
            let engine = TemplateEngine(loaders: [FolderLoader(root.appending(path: "in").path)])
            do {
                _ = try engine.render(name)
                Issue.record("Expected no template for \(name)")
            } catch {
                #expect((error as? TemplateError)?.code == .notFound)
            }
        }
    }

    @Test func `loaders are tried in order`() throws {
        let engine = TemplateEngine(loaders: [
            EmbeddedLoader(["a": "first"]), EmbeddedLoader(["a": "second", "b": "b"]),
        ])
        #expect(try engine.render("a") + engine.render("b") == "firstb")
    }

    @Test func `a changed file is parsed again only in debug mode`() throws {
        try withFolder { root in
            let file = root.appending(path: "in/a.html")
            for (isDebug, expected) in [(true, "after"), (false, "before")] {
                try write("before", file)
                let engine = TemplateEngine(loaders: [FolderLoader(root.appending(path: "in").path)], isDebug: isDebug)
                #expect(try engine.render("a.html") == "before")
                try write("after", file)
                #expect(try engine.render("a.html") == expected)
            }
        }
    }
}
