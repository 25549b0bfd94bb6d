import Foundation
import StraitCommandLine
import Testing

@testable import StraitCommand

@Suite struct ProjectNameTests {
    @Test(arguments: [
        ("blog", "BlogSite"), ("my_blog", "MyBlogSite"), ("Blog", "BlogSite"), ("mysite", "MySite"),
        ("Mysite", "MySite"), ("website", "WebSite"), ("my_web_site", "MyWebSite"),
        ("MySite", "MySiteSite"), ("my_site", "MySite"), ("b2", "B2Site"), ("chat", "ChatSite"), ("a_", "ASite"),
        ("testing", "TestingSite"), ("site", "SiteSite"),
    ])
    func `a name that Swift takes is taken, and the site's type is made from it`(name: String, site: String) throws {
        #expect(try ProjectName(name).module == name)
        #expect(try ProjectName(name).site == site)
    }

    @Test(arguments: ["", "2fast", "my-site", "my site", "_", "_a", "café", "a.b", "../a", "a/b", "-a", "日本", "a\n"])
    func `what is no identifier is refused`(name: String) {
        let message =
            "'\(name)' cannot be a project's name. Give one of ASCII letters, digits and underscores that begins with a letter."
        #expect(throws: UsageError(message)) { try ProjectName(name) }
    }

    @Test(arguments: ["class", "Any", "self", "Self", "actor", "await", "Type", "default"])
    func `a keyword is refused`(name: String) {
        #expect(throws: UsageError("'\(name)' is a keyword of Swift. Give the project another name.")) {
            try ProjectName(name)
        }
    }

    @Test(arguments: ["Strait", "Foundation", "Testing", "StraitTesting", "showcase", "Swift", "CZlib"])
    func `the name of a module that there is already is refused`(name: String) {
        let message =
            "There is a module '\(name)' already, which the project could not import then. Give the project another name."
        #expect(throws: UsageError(message)) { try ProjectName(name) }
    }

    @Test(arguments: ["test", "Test", "tests", "strait", "STRAIT"])
    func `a name that means something else already is refused`(name: String) {
        #expect(
            throws: UsageError("'\(name)' would be mistaken for something else. Give the project another name.")
        ) { try ProjectName(name) }
    }

    @Test func `a name has at most 64 characters`() throws {
        _ = try ProjectName(String(repeating: "a", count: 64))
        let long = String(repeating: "a", count: 65)
        #expect(
            throws: UsageError(
                "A project's name has at most 64 characters; '\(long)' has 65. Give a shorter one.")
        ) { try ProjectName(long) }
    }

    /// Modules of one build have to differ in their names, also from those that a project does not import.
    @Test func `every module of the package is refused`() throws {
        let manifest = try String(contentsOfFile: OwnCheckout.path + "/Package.swift", encoding: .utf8)
        let targets = manifest.matches(
            of: /(?:module|example|\.target|\.executableTarget|\.systemLibrary)\(\s*(?:name: )?"(\w+)"/)
        #expect(targets.count > 15)
        for target in targets {
            #expect(throws: UsageError.self, "\(target.1)") { try ProjectName(String(target.1)) }
        }
    }
}
