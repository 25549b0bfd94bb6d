import Foundation
import TestFolders
import Testing

/// `Documentation/Tutorials/DjangoLogin.md`, carried out with a real Django site.
@Suite struct DjangoLoginTests {
    private static let page = Checkout.file("Documentation/Tutorials/DjangoLogin.md")

    @Test func `the tutorial shows the program that is tested`() throws {
        let page = try String(contentsOfFile: Self.page, encoding: .utf8)
        let program = try String(contentsOfFile: Checkout.file("Tests/HarborChat/HarborChat.swift"), encoding: .utf8)
        #expect(page.contains("```swift\n" + program + "```\n"))
    }

    @Test func `a user who has logged in on Django chats on Strait, until the logout on Django`() async throws {
        try await withTemporaryFolder { folder in
            let program = try ShowcaseServer.program()
                .replacing(/showcase$/, with: "HarborChat")
            try await Peer.python("django/login_tutorial.py", Self.page, program, folder)
        }
    }
}
