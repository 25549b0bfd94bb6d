import Foundation
import StraitCommandLine
import TestFolders
import Testing

@testable import StraitCommand

@Suite struct StartAppTests {
    private let folder = try! TemporaryFolder()

    /// Creates a project `blog` in the test's folder.
    private func makeProject() {
        #expect(CommandRun.of("startproject", "blog", folder("blog"), "--strait", OwnCheckout.path).code == 0)
    }

    private func start(_ name: String) -> CommandRun { CommandRun.of("startapp", name, folder("blog")) }

    @Test func `startapp creates a folder, a test and two targets, and adds the app to the site`() throws {
        makeProject()
        let before = Set(folder.files)
        #expect(
            start("chat")
                == CommandRun(
                    code: 0,
                    output: [
                        "Created the app ChatApp in Sources/Chat, with tests in Tests/ChatTests.",
                        "Its page:  http://127.0.0.1:8000/chat/, once the site runs again",
                        "Its tests: swift test --filter ChatTests",
                    ]))
        #expect(
            Set(folder.files).subtracting(before).sorted() == [
                "blog/Sources/Chat/ChatApp.swift", "blog/Sources/Chat/ChatConsumer.swift",
                "blog/Sources/Chat/Static/chat/chat.css", "blog/Sources/Chat/Static/chat/chat.js",
                "blog/Sources/Chat/Templates/chat/index.html", "blog/Tests/ChatTests/ChatTests.swift",
            ])
        let manifest = try Manifest(folder.read("blog/Package.swift"))
        #expect(manifest.targets.map(\.name) == ["blog", "blogTests", "Chat", "ChatTests"])
        let site = try folder.read("blog/Sources/blog/BlogSite.swift")
        #expect(site.hasPrefix("import Chat\nimport Strait\n"))
        #expect(site.contains("    var installedApps: [any App] { [ChatApp()] }\n"))
    }

    @Test func `a second app is added after the first`() throws {
        makeProject()
        #expect(start("chat").code == 0)
        #expect(start("my_album").code == 0)
        let site = try folder.read("blog/Sources/blog/BlogSite.swift")
        #expect(site.hasPrefix("import Chat\nimport MyAlbum\nimport Strait\n"))
        #expect(site.contains("[ChatApp(), MyAlbumApp()]"))
        #expect(folder.files.contains("blog/Sources/MyAlbum/Templates/myalbum/index.html"))
    }

    @Test func `no template placeholder is left`() throws {
        makeProject()
        #expect(start("chat").code == 0)
        for name in folder.files where name.contains("Chat") {
            let text = try folder.read(name)
            #expect(!text.contains("{{") && !text.contains("}}"), "\(name)")
            #expect(text.hasSuffix("\n") && !text.hasSuffix("\n\n"), "\(name)")
            #expect(!text.contains("#expect(try"), "\(name)")
        }
    }

    @Test func `an existing or invalid name changes nothing`() throws {
        makeProject()
        #expect(start("chat").code == 0)
        let (files, manifest) = (folder.files, try folder.read("blog/Package.swift"))
        #expect(
            start("Chat")
                == .refused("Sources/Chat already exists. Give the app another name, or remove the folder.", code: 2))
        #expect(start("blog") == .refused("There is a target 'blog' already. Give the app another name.", code: 2))
        #expect(start("class").code == 2)
        #expect(try folder.files == files && folder.read("blog/Package.swift") == manifest)
    }

    @Test func `outside a project, the error says which folder is needed`() {
        let message = """
            There is no Package.swift in \(folder("blog")). Run the command in a project's folder, or give that folder \
            after the app's name.
            """
        #expect(start("chat") == .refused(message))
        #expect(folder.content.isEmpty)
    }

    @Test func `in Strait's checkout, the error says which folder is needed`() throws {
        try folder.makeFolder("strait")
        try folder.write("let package = Package(name: \"strait\")", to: "strait/Package.swift")
        let message = """
            \(folder("strait")) is the checkout of Strait. Run the command in a project's folder, or give that folder \
            after the app's name.
            """
        #expect(CommandRun.of("startapp", "chat", folder("strait")) == .refused(message))
        #expect(folder.files == ["strait/Package.swift"])
    }

    @Test func `an unsupported manifest is not changed, and the error has the lines to paste`() throws {
        makeProject()
        let manifest = try folder.read("blog/Package.swift").replacing("targets: [", with: "targets: more + [")
        try folder.write(manifest, to: "blog/Package.swift")
        let run = start("chat")
        #expect(run.code == 1)
        #expect(
            run.errors == [
                """
                strait: Package.swift was not changed: the targets of Package(…) are not written as one list [ … ]. \
                Add these targets to it, and "Chat" to the dependencies of the program's target:
                .target(
                    name: "Chat",
                    dependencies: [.product(name: "Strait", package: "strait")],
                    plugins: [.plugin(name: "StraitAppFiles", package: "strait")]),
                .testTarget(
                    name: "ChatTests",
                    dependencies: ["Chat", .product(name: "StraitTesting", package: "strait")]),
                """
            ])
        #expect(try folder.read("blog/Package.swift") == manifest)
        #expect(try folder.read("blog/Sources/blog/BlogSite.swift").contains("[ChatApp()]"))
        #expect(folder.files.contains("blog/Sources/Chat/ChatApp.swift"))
    }

    @Test func `an unsupported site is not changed, and the error has the lines to paste`() throws {
        makeProject()
        let site = try folder.read("blog/Sources/blog/BlogSite.swift").replacing(
            "Site {", with: "Site {\n    var installedApps: [any App] { all }\n")
        try folder.write(site, to: "blog/Sources/blog/BlogSite.swift")
        #expect(
            start("chat").errors == [
                """
                strait: The site was not changed: the site's installedApps is not written as one list [ … ]. \
                Add these lines to it:
                import Chat
                var installedApps: [any App] { [ChatApp()] }
                """
            ])
        #expect(try folder.read("blog/Sources/blog/BlogSite.swift") == site)
        #expect(try folder.read("blog/Package.swift").contains("name: \"ChatTests\""))
    }

    @Test func `nothing is changed if a file cannot be written`() throws {
        makeProject()
        let project = try Project(at: folder("blog"))
        let files = folder.content
        let manifest = try folder.read("blog/Package.swift")
        #expect {
            try project.write([("Sources/Chat/a", "text")], [("Package.swift", "changed"), ("gone/a", "text")])
        } throws: {
            "\($0)".hasPrefix("The app cannot be written to \(folder("blog")): ") && !"\($0)".contains("\n")
        }
        #expect(try folder.content == files && folder.read("blog/Package.swift") == manifest)
    }
}
