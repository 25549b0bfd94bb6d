import StraitCommandLine
import Testing

@testable import StraitCommand

@Suite struct ManifestTests {
    private let app = try! AppName("chat")

    private func adding(to text: String) throws -> String { try Manifest(text).adding(app) }

    @Test func `adding an app adds a target, a test target and a dependency of the program`() throws {
        let changed = try adding(
            to: """
                // swift-tools-version: 6.3
                import PackageDescription

                let package = Package(
                    name: "mysite",
                    dependencies: [.package(name: "strait", path: "../strait")],
                    targets: [
                        .executableTarget(
                            name: "mysite", dependencies: [.product(name: "Strait", package: "strait")],
                            swiftSettings: [.enableUpcomingFeature("NonisolatedNonsendingByDefault")])
                    ]
                )
                """)
        #expect(
            changed == """
                // swift-tools-version: 6.3
                import PackageDescription

                let package = Package(
                    name: "mysite",
                    dependencies: [.package(name: "strait", path: "../strait")],
                    targets: [
                        .executableTarget(
                            name: "mysite", dependencies: [.product(name: "Strait", package: "strait"), "Chat"],
                            swiftSettings: [.enableUpcomingFeature("NonisolatedNonsendingByDefault")]),
                        .target(
                            name: "Chat",
                            dependencies: [.product(name: "Strait", package: "strait")],
                            swiftSettings: [.enableUpcomingFeature("NonisolatedNonsendingByDefault")],
                            plugins: [.plugin(name: "StraitAppFiles", package: "strait")]),
                        .testTarget(
                            name: "ChatTests",
                            dependencies: ["Chat", .product(name: "StraitTesting", package: "strait")],
                            swiftSettings: [.enableUpcomingFeature("NonisolatedNonsendingByDefault")])
                    ]
                )
                """)
    }

    @Test func `a second app is added after the first`() throws {
        let one = try adding(to: Self.plain)
        let two = try Manifest(one).adding(AppName("blog"))
        let targets = try Manifest(two).targets
        #expect(targets.map(\.name) == ["mysite", "mysiteTests", "Chat", "ChatTests", "Blog", "BlogTests"])
        #expect(
            targets.map(\.kind) == ["executableTarget", "testTarget", "target", "testTarget", "target", "testTarget"])
        #expect(two.contains(#"["Core", "Chat", "Blog"]"#))
    }

    private static let plain = """
        let package = Package(name: "mysite", targets: [
            .executableTarget(name: "mysite", dependencies: ["Core"]),
            .testTarget(name: "mysiteTests", dependencies: ["mysite"]),
        ])
        """

    @Test func `comments, constants and brackets in literals are parsed correctly`() throws {
        let changed = try adding(
            to: """
                // Package(targets: [.executableTarget(name: "no", dependencies: [])])
                let odd = "Package(targets: ["
                let core: Target.Dependency = .product(name: "Strait", package: "strait")
                let package = /* Package( */ Package(
                    name: "a]b", // targets: [
                    targets: [
                        .target(name: "Core", dependencies: [core]), /* ] */
                        .executableTarget(
                            name: "site" /* ) */,
                            dependencies: [
                                core, // the framework, [all] of it
                                "Core", // ours
                            ],
                            path: "App"),
                    ],
                    swiftLanguageModes: [.v6])
                """)
        #expect(changed.contains("                \"Core\", // ours\n                \"Chat\",\n            ],"))
        #expect(changed.contains("path: \"App\"),\n        .target(\n            name: \"Chat\","))
        let manifest = try Manifest(changed)
        #expect(manifest.targets.map(\.name) == ["Core", "site", "Chat", "ChatTests"])
        #expect(try manifest.sources(of: manifest.program()) == "App")
    }

    @Test func `Strait's package may have another name`() throws {
        let changed = try adding(
            to: Self.plain.replacing("\"Core\"", with: ".product(name: \"Strait\", package: \"fork\")"))
        #expect(changed.contains(#".plugin(name: "StraitAppFiles", package: "fork")"#))
        #expect(changed.contains(#".product(name: "StraitTesting", package: "fork")"#))
        #expect(!changed.contains("swiftSettings"))
    }

    @Test(arguments: [
        ("", "it has no Package(…)"), ("let package = make()", "it has no Package(…)"),
        ("let package = Package(name: \"a\")", "Package(…) has no targets: [ … ]"),
        ("let package = Package(targets: all)", "the targets of Package(…) are not written as one list [ … ]"),
        (
            "let package = Package(targets: [.a(name: \"b\")] + more)",
            "the targets of Package(…) are not written as one list [ … ]"
        ),
        ("let package = Package(targets: [])", "it declares no .executableTarget(name: \"…\")"),
        ("let package = Package(targets: [program(\"a\")])", "it declares no .executableTarget(name: \"…\")"),
        (
            "let package = Package(targets: [.executableTarget(name: \"a\"), .executableTarget(name: \"b\")])",
            "it declares several programs: a, b"
        ),
        (
            "let package = Package(targets: [.executableTarget(name: \"a\")])",
            "the target a has no list of dependencies: [ … ]"
        ),
        (
            "let package = Package(targets: [.executableTarget(name: \"a\", dependencies: all + [\"b\"])])",
            "the target a has no list of dependencies: [ … ]"
        ),
        ("let package = Package(targets: [", "it has no Package(…)"),
    ])
    func `a manifest in an unsupported form is an error`(text: String, reason: String) {
        #expect(throws: ManifestError(reason)) { try adding(to: text) }
    }

    @Test func `the name of an existing target is rejected, ignoring case`() {
        for name in ["Chat", "chat", "ChatTests"] {
            #expect(throws: UsageError("There is a target '\(name)' already. Give the app another name.")) {
                try adding(to: Self.plain.replacing("mysiteTests", with: name))
            }
        }
    }
}
