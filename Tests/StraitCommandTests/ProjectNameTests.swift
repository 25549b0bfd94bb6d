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
    func `a valid identifier is accepted, and the site's type is named after it`(name: String, site: String) throws {
        #expect(try ProjectName(name).module == name)
        #expect(try ProjectName(name).site == site)
    }

    @Test(arguments: ["", "2fast", "my-site", "my site", "_", "_a", "café", "a.b", "../a", "a/b", "-a", "日本", "a\n"])
    func `a name that is not an identifier is rejected`(name: String) {
        let message = """
            '\(name)' cannot be a project's name. Give one of ASCII letters, digits and underscores that begins with a \
            letter.
            """
        #expect(throws: UsageError(message)) { try ProjectName(name) }
    }

    @Test(arguments: ["class", "Any", "self", "Self", "actor", "await", "Type", "default"])
    func `a keyword is rejected`(name: String) {
        #expect(throws: UsageError("'\(name)' is a keyword of Swift. Give the project another name.")) {
            try ProjectName(name)
        }
    }

    @Test(arguments: ["Strait", "Foundation", "Testing", "StraitTesting", "showcase", "Swift", "CZlib"])
    func `the name of an existing module is rejected`(name: String) {
        let message =
            "The name '\(name)' conflicts with an existing module. Give the project another name."
        #expect(throws: UsageError(message)) { try ProjectName(name) }
    }

    @Test(arguments: ["test", "Test", "tests", "strait", "STRAIT"])
    func `a reserved name is rejected`(name: String) {
        #expect(
            throws: UsageError("The name '\(name)' is reserved. Give the project another name.")
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

    /// Module names must be unique in a build, even if a project does not import the module.
    @Test func `the name of every module in the package is rejected`() throws {
        let manifest = try String(contentsOfFile: OwnCheckout.path + "/Package.swift", encoding: .utf8)
        let targets = manifest.matches(
            of: /(?:module|example|\.target|\.executableTarget|\.systemLibrary)\(\s*(?:name: )?"(\w+)"/)
        #expect(targets.count > 15)
        for target in targets {
            #expect(throws: UsageError.self, "\(target.1)") { try ProjectName(String(target.1)) }
        }
    }
}
