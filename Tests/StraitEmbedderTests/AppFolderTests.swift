import Foundation
import Testing

@testable import StraitEmbedder

@Suite struct AppFolderTests {
    private let folder = try! SourceFolder()

    private func names() throws -> [String] {
        try AppFolder(path: folder("Chat"), package: folder.path).files().map(\.name)
    }

    private func expect(_ message: String) {
        #expect(throws: EmbedError(message)) { try names() }
    }

    @Test func `files at any depth are found in order, without hidden files`() throws {
        for name in [
            "Templates/b.html", "Templates/a/b/c/d.html", "Static/chat/x y.png", "Static/chat/Makefile", "Other/e.html",
            "Static/.DS_Store", "Templates/.git/config", "Chat.swift",
        ] { try folder.write(to: "Chat/" + name) }
        #expect(
            try names() == [
                "Templates/a/b/c/d.html", "Templates/b.html", "Static/chat/Makefile", "Static/chat/x y.png",
            ])
    }

    @Test func `a target without the folders has no files`() throws {
        try folder.write(to: "Chat/Chat.swift")
        #expect(try names().isEmpty)
    }

    @Test func `symbolic links within a folder are followed`() throws {
        try folder.write(to: "Chat/Static/a/one.css")
        try folder.link("Chat/Static/two.css", to: "a/one.css")
        try folder.link("Chat/Static/b", to: "a")
        #expect(try names() == ["Static/a/one.css", "Static/b/one.css", "Static/two.css"])
    }

    @Test func `invalid symbolic links are errors with their reason`() throws {
        try folder.write(to: "secret")
        try folder.write(to: "Chat/Static/.hidden")
        try folder.write(to: "Chat/Static/a/one.css")
        let link = folder("Chat/Static/a/link")
        for (target, reason) in [
            (folder("secret"), "is a link that leads out of \(folder("Chat/Static")). Copy its target there."),
            ("../../..", "is a link that leads out of \(folder("Chat/Static")). Copy its target there."),
            ("nowhere", "is a broken link. Remove it, or restore its target."),
            ("..", "is a link to a folder that contains it. Remove it."),
            (".", "is a link to a folder that contains it. Remove it."),
            ("../.hidden", "is a link to a hidden file. Give its target a name without a leading dot."),
        ] {
            try folder.link("Chat/Static/a/link", to: target)
            expect("\(link) \(reason)")
            try FileManager.default.removeItem(atPath: link)
        }
    }

    @Test func `a symbolic link to a folder inside a linked folder is an error`() throws {
        try folder.write(to: "Chat/Static/a/one.css")
        try folder.link("Chat/Static/b/c", to: "../a")
        try folder.link("Chat/Static/d", to: "b")
        expect(
            """
            \(folder("Chat/Static/d/c")) is a link to a folder, inside a folder that is itself linked. Link to it \
            directly.
            """
        )
    }

    @Test func `a file in place of a folder is an error`() throws {
        try folder.write(to: "Chat/Templates")
        expect("\(folder("Chat/Templates")) is not a folder. Make it one, or give it another name.")
    }

    @Test func `Embedded.txt adds files of the package in its order`() throws {
        try folder.write(to: "README.md")
        try folder.write(to: "Chat/Chat.swift")
        try folder.write(Data("# About\n\n  README.md  \r\nChat/Chat.swift".utf8), to: "Chat/Embedded.txt")
        #expect(try names() == ["README.md", "Chat/Chat.swift"])
    }

    @Test(arguments: ["../secret", "/etc/passwd", "a//b", "./a"])
    func `Embedded.txt can only name paths in the package`(path: String) throws {
        try folder.write(Data("# About\n\(path)\n".utf8), to: "Chat/Embedded.txt")
        expect(
            """
            \(folder("Chat/Embedded.txt")):2: '\(path)' is not a path in the package. Write one such as \
            Sources/Chat/Chat.swift.
            """
        )
    }

    @Test func `a missing file or invalid UTF-8 in Embedded.txt is an error`() throws {
        try folder.write(Data("\ngone.md\n".utf8), to: "Chat/Embedded.txt")
        expect(
            """
            \(folder("Chat/Embedded.txt")):2: there is no file gone.md in \(folder.path). Correct the path, or \
            remove the line.
            """
        )
        try folder.write(Data([0xFF]), to: "Chat/Embedded.txt")
        expect("\(folder("Chat/Embedded.txt")) cannot be read as UTF-8. Save it in that encoding.")
    }
}
