import Foundation
import StraitCommandLine
import TestFolders
import Testing

@testable import StraitCommand

@Suite struct StartProjectTests {
    private let folder = try! TemporaryFolder()

    private func start(_ name: String, in path: String) -> CommandRun {
        CommandRun.of("startproject", name, folder(path), "--strait", OwnCheckout.path)
    }

    @Test func `startproject creates a project's files`() throws {
        let run = start("blog", in: "blog")
        #expect(
            run
                == CommandRun(
                    code: 0,
                    output: [
                        "Created the project blog in \(folder("blog")).",
                        "Run it:  cd \(folder("blog")) && swift run blog",
                        "Test it: cd \(folder("blog")) && swift test",
                        "Add to it: swift run strait startapp NAME, in its folder",
                    ]))
        #expect(
            folder.files == [
                "blog/.gitignore", "blog/.swift-version", "blog/Package.swift", "blog/README.md",
                "blog/Sources/blog/BlogSite.swift", "blog/Sources/blog/Hello.swift",
                "blog/Sources/blog/Static/blog/hello.css", "blog/Sources/blog/Static/blog/hello.js",
                "blog/Sources/blog/Templates/blog/index.html", "blog/Tests/blogTests/HelloTests.swift",
                "blog/settings.env",
            ])
        #expect(try folder.read("blog/.swift-version") == "6.3\n")
        let settings = try folder.read("blog/settings.env")
        #expect(settings.contains(#/^DEBUG=true\nSECRET_KEY=[A-Za-z0-9]{64}$/#.anchorsMatchLineEndings()))
        #expect(try folder.read("blog/.gitignore").contains("/settings.env\n"))
        #expect(try folder.read("blog/Sources/blog/BlogSite.swift").contains("@main struct BlogSite: Site {"))
        #expect(try folder.read("blog/Tests/blogTests/HelloTests.swift").contains("@testable import blog\n"))
        #expect(try folder.read("blog/README.md").contains("swift run blog\n"))
        let manifest = try folder.read("blog/Package.swift")
        #expect(manifest.hasPrefix("// swift-tools-version: 6.3\n"))
        // The path is relative if this checkout is next to the test's folder.
        let path = try Checkout(at: OwnCheckout.path).path(from: folder("blog"))
        #expect(manifest.contains(".package(name: \"strait\", path: \"\(path)\")"))
    }

    @Test func `no template placeholder is left`() throws {
        #expect(start("my_blog", in: "here").code == 0)
        for name in folder.content where name.contains(".") {
            let text = try folder.read(name)
            #expect(!text.contains("{{") && !text.contains("}}"), "\(name)")
            #expect(text.hasSuffix("\n") && !text.hasSuffix("\n\n"), "\(name)")
        }
    }

    @Test func `an empty folder is used`() throws {
        try folder.makeFolder("empty")
        #expect(start("blog", in: "empty").code == 0)
        #expect(folder.content.contains("empty/Package.swift"))
    }

    @Test func `a path with spaces and quotes is quoted for the shell`() throws {
        let run = start("blog", in: "Ann's blog")
        #expect(run.output[2] == "Test it: cd '\(folder("Ann'\\''s blog"))' && swift test")
    }

    @Test func `a folder that is not empty is rejected and not changed`() throws {
        try folder.makeFolder("full")
        try folder.write("mine", to: "full/notes")
        #expect(
            start("blog", in: "full")
                == .refused("\(folder("full")) already exists and is not empty. Empty it, or choose another place."))
        #expect(folder.content == ["full", "full/notes"])
    }

    @Test func `a second project in the same folder is rejected`() throws {
        #expect(start("blog", in: "blog").code == 0)
        let content = folder.content
        #expect(start("blog", in: "blog").code == 1)
        #expect(folder.content == content)
    }

    @Test func `a file or a link in place of the folder is rejected`() throws {
        try folder.write("mine", to: "blog")
        try FileManager.default.createSymbolicLink(atPath: folder("link"), withDestinationPath: "nowhere")
        for name in ["blog", "link"] {
            #expect(
                start("blog", in: name)
                    == .refused("\(folder(name)) already exists and is not a folder. Choose another place."))
        }
        #expect(folder.content == ["blog", "link"])
    }

    @Test func `a missing parent folder or an empty path is rejected`() throws {
        #expect(
            start("blog", in: "a/blog")
                == .refused("There is no folder \(folder("a")). Create it first, or choose another place."))
        #expect(
            CommandRun.of("startproject", "blog", "", "--strait", OwnCheckout.path)
                == .refused("FOLDER is empty. Give a folder, or leave it out."))
        #expect(folder.content.isEmpty)
    }

    @Test func `no files are left if a file cannot be written`() throws {
        try folder.makeFolder("empty")
        // The third file cannot be written, because its folder is the first file.
        for name in ["empty", "new"] {
            let target = try ProjectFolder(name, in: folder.path)
            #expect {
                try target.write([("a", "text"), ("b/c", "text"), ("a/d", "text")])
            } throws: {
                "\($0)".hasPrefix("The project cannot be written to \(folder(name)): ")
                    && "\($0)".hasSuffix(". Choose another place.") && !"\($0)".contains("\n")
            }
        }
        #expect(folder.content == ["empty"])
    }

    @Test func `a system error is reported with the system's message`() {
        #expect(
            CommandRun.of("startproject", "blog", "/proc/blog", "--strait", OwnCheckout.path)
                == .refused(
                    "The project cannot be written to /proc/blog: No such file or directory. Choose another place."))
    }

    @Test func `an invalid name is rejected before anything is created`() {
        #expect(
            start("class", in: "blog")
                == .refused("'class' is a keyword of Swift. Give the project another name.", code: 2))
        #expect(folder.content.isEmpty)
    }

    @Test func `a folder that is not a checkout is rejected`() {
        #expect(
            CommandRun.of("startproject", "blog", folder("blog"), "--strait", folder.path)
                == .refused(
                    """
                    There is no checkout of Strait at \(folder.path). Give --strait the folder that has Strait's \
                    Package.swift.
                    """
                ))
        #expect(folder.content.isEmpty)
    }

    @Test func `a path with special characters is escaped in a Swift literal`() {
        #expect(FileTemplate.literal(#"/a "b"\(c)"# + "\u{7}") == #"/a \"b\"\\(c)\u{7}"#)
    }

    @Test func `a missing name is reported`() {
        #expect(
            CommandRun.of("startproject")
                == .refused(
                    "NAME is missing: The name of the project and its program: a Swift identifier.", code: 2))
    }

    @Test func `help has the summary and the usage`() {
        let help = CommandRun.of("startproject", "--help")
        #expect(
            help.output.first?.hasPrefix(
                "Creates a project that builds, runs and passes its tests.\n\n"
                    + "Usage: strait startproject NAME [FOLDER] [options]\n") == true)
    }

    @Test func `in Strait's checkout, a project is created next to the checkout`() throws {
        try folder.makeFolder("strait/Sources")
        try folder.write("let package = Package(name: \"strait\")", to: "strait/Package.swift")
        for (place, name, shown) in [
            ("strait", "blog", "../blog"), ("strait/Sources", "shop", folder("shop")),
        ] {
            var command = StartProject()
            (command.project, command.checkout) = (name, folder("strait"))
            var lines: [String] = []
            try command.run(in: folder(place)) { lines.append($0) }
            #expect(
                lines.prefix(2) == [
                    "Created the project \(name) in \(folder(name)).", "Run it:  cd \(shown) && swift run \(name)",
                ])
            #expect(try folder.read("\(name)/Package.swift").contains("path: \"../strait\""))
        }
    }

    @Test func `a folder inside Strait's checkout is rejected`() throws {
        try folder.makeFolder("strait/Sources")
        try folder.write("let package = Package(name: \"strait\")", to: "strait/Package.swift")
        let content = folder.content
        for given in ["blog", "Sources/blog", folder("strait/blog")] {
            var command = StartProject()
            (command.project, command.folder, command.checkout) = ("blog", given, folder("strait"))
            let made = given.hasPrefix("/") ? given : folder("strait/\(given)")
            #expect(
                throws: CommandError(
                    "\(made) is in the checkout of Strait. Give a folder beside it: strait startproject blog ../blog")
            ) { try command.run(in: folder("strait")) { _ in } }
        }
        #expect(folder.content == content)
    }

    @Test func `a project's tests have no try in expectations, and its consumer joins before it accepts`() throws {
        #expect(start("blog", in: "blog").code == 0)
        let tests = try folder.read("blog/Tests/blogTests/HelloTests.swift")
        #expect(!tests.contains("#expect(try"))
        let consumer = try folder.read("blog/Sources/blog/Hello.swift")
        let (join, accept) = (try #require(consumer.range(of: "join(")), try #require(consumer.range(of: "accept()")))
        #expect(join.lowerBound < accept.lowerBound)
    }
}
