import ExampleEcho
import FolderApp
import Foundation
import StraitTesting
import Testing

@testable import Strait

@Suite struct AppFilesTests {
    /// The folder of the target `FolderApp`.
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "FolderApp").path

    private struct Local: App {}

    private struct LocalSite: Site {}

    @Test func `an app has the files of its target's folder, with any name and at any depth`() {
        let files = FolderApp().files
        #expect(files.folder == Self.folder)
        #expect(
            files.names == [
                "Templates/folder/deep/er/page.html", "Templates/folder/page.html", "Static/folder/a b/ä \"q\".txt",
                "Static/folder/bytes.bin", "Static/folder/empty.css", "Static/folder/link.bin", "Static/folder/odd.txt",
                "Tests/FolderApp/FolderApp.swift", "Examples/echo/Echo.swift",
            ])
    }

    @Test func `compiled-in files equal the originals byte for byte`() throws {
        let files = FolderApp().files
        for name in files.names {
            let root = name.hasPrefix("Templates/") || name.hasPrefix("Static/") ? Self.folder : Self.folder + "/../.."
            let bytes = try Data(contentsOf: URL(filePath: "\(root)/\(name)"))
            #expect(files[name].map { Array($0) } == Array(bytes), "\(name)")
        }
        #expect(files["Static/folder/bytes.bin"]?.count == 768)
        #expect(files["Static/folder/empty.css"] == Bytes())
        #expect(files["Static/folder/.hidden"] == nil && files["Static/folder"] == nil)
    }

    @Test func `each target has its own files, and one without the plugin has none`() {
        #expect(EchoApp().files.names.contains("Templates/echo/echo.html"))
        #expect(!EchoApp().files.names.contains("Templates/folder/page.html"))
        #expect(Local().files.names.isEmpty && Local().files.folder == nil)
        #expect(LocalSite().files.names.isEmpty)
        #expect(Outer<EchoApp>.InnerApp().files.folder == Self.folder)
    }

    @Test(arguments: [
        ("Chat.ChatApp", "Chat"), ("Chat.Outer<Blog.BlogApp>.App", "Chat"),
        ("Chat.(unknown context at $1).App", "Chat"),
        ("(extension in Chat):Strait.Route.App", "Chat"),
    ])
    func `a type's target is read from its full name`(name: String, module: String) {
        #expect(AppFiles.module(of: name) == module)
    }

    @Test func `compiled-in templates are found by their names only`() throws {
        let engine = TemplateEngine(loaders: [FolderApp().files.templates()])
        #expect(try engine.render("folder/page.html", ["name": "Ann"]) == "<p>Hello, Ann!</p>\n")
        #expect(try engine.render("folder/deep/er/page.html") == "deep\n")
        for name in ["folder/none.html", "../Static/folder/odd.txt", "folder", "", "/etc/passwd"] {
            #expect(throws: TemplateError.self) { try engine.template(name) }
        }
    }

    @Test func `a compiled-in template that is not UTF-8 is an error`() {
        var files = AppFiles(folder: "/chat")
        files.add("Templates/chat/page.html", base64: "/w==")
        let engine = TemplateEngine(loaders: [files.templates()])
        #expect {
            try engine.template("chat/page.html")
        } throws: {
            "\($0)".contains("/chat/Templates/chat/page.html (compiled in) is not UTF-8. Save it in that encoding.")
        }
    }
}
