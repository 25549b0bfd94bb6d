// swift-tools-version: 6.3
import CompilerPluginSupport
import Foundation
import PackageDescription

/// Whether SwiftPM has fetched this package by version. It then refuses unsafe flags, and the macros need the package
/// swift-syntax. Otherwise they use the copy in the toolchain, which needs no download.
let isFetched = Context.packageDirectory.contains("/checkouts/")

/// The folder of the toolchain's swift-syntax, found through the `swift` on the path.
let syntaxFolder: String = {
    for folder in (Context.environment["PATH"] ?? "").split(separator: ":") {
        let swift = URL(filePath: folder + "/swift").resolvingSymlinksInPath()
        let host = swift.deletingLastPathComponent().deletingLastPathComponent().path + "/lib/swift/host"
        if FileManager.default.fileExists(atPath: host + "/SwiftSyntaxMacros.swiftmodule") { return host }
    }
    return "/usr/lib/swift/host"
}()

let syntaxLibraries = [
    "SwiftSyntax", "SwiftSyntaxBuilder", "SwiftSyntaxMacros", "SwiftSyntaxMacroExpansion", "SwiftDiagnostics",
    "SwiftParser", "SwiftOperators", "SwiftBasicFormat", "SwiftCompilerPluginMessageHandling",
]

/// Every Swift target is compiled with these: data races and unsafe memory are errors, not advice.
let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("InferIsolatedConformances"),
    .enableUpcomingFeature("ImmutableWeakCaptures"),
    .enableExperimentalFeature("Lifetimes"),
]

func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

/// A program of Examples/: an app, whose folder's templates and static files are compiled into it.
func example(_ name: String, at folder: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(
        name: name, dependencies: ["Strait"] + dependencies, path: "Examples/\(folder)", swiftSettings: settings,
        plugins: ["StraitAppFiles"])
}

/// A target of macros, a program that the compiler runs. No test may depend on it, because SwiftPM would then build
/// all tests as tools. Tests run the compiler with it.
func macros(_ name: String) -> Target {
    guard !isFetched else {
        return .macro(
            name: name,
            dependencies: ["SwiftSyntaxMacros", "SwiftCompilerPlugin"].map {
                .product(name: $0, package: "swift-syntax")
            })
    }
    return .macro(
        name: name,
        swiftSettings: [.swiftLanguageMode(.v6), .unsafeFlags(["-I", syntaxFolder])],
        linkerSettings: [
            .unsafeFlags(
                ["-L", syntaxFolder, "-Xlinker", "-rpath", "-Xlinker", syntaxFolder]
                    + syntaxLibraries.map { "-l" + $0 })
        ])
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(name: name, dependencies: dependencies, swiftSettings: settings)
}

let package = Package(
    name: "strait",
    products: [
        // SwiftPM adds the executable showcase by itself. Without a product here, projects that depend on this package
        // do not build the examples.
        .library(name: "Strait", targets: ["Strait"]),
        .library(name: "StraitSockets", targets: ["StraitSockets"]),
        .library(name: "StraitTesting", targets: ["StraitTesting"]),
        .executable(name: "strait", targets: ["StraitCommand"]),
        .plugin(name: "StraitAppFiles", targets: ["StraitAppFiles"]),
    ],
    dependencies: isFetched ? [.package(url: "https://github.com/swiftlang/swift-syntax", from: "603.0.0")] : [],
    targets: [
        .target(name: "CLinux"),
        .systemLibrary(name: "COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
        .systemLibrary(name: "CPostgres", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .systemLibrary(name: "CArgon2", pkgConfig: "libargon2", providers: [.apt(["libargon2-dev"])]),
        .systemLibrary(name: "CCrypt", pkgConfig: "libcrypt", providers: [.apt(["libcrypt-dev"])]),
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .target(name: "CCommonPasswords", exclude: ["common-passwords.txt"]),

        // Options and help of a command line: for sites, and for the program strait, which needs nothing else of ours.
        module("StraitCommandLine"),
        module("StraitCore", ["CLinux"]),
        module("StraitText", ["StraitCore"]),
        module("StraitJSON", ["StraitCore"]),
        module("StraitCrypto", ["COpenSSL", "StraitCore"]),
        module("StraitCompression", ["CZlib", "StraitCore"]),
        module("StraitHTTP", ["StraitCore", "StraitText", "StraitJSON"]),
        module("StraitWebSocket", ["StraitCore", "StraitHTTP", "StraitCrypto", "StraitCompression"]),
        module("StraitRouting", ["StraitCore", "StraitHTTP"]),
        module("StraitTemplates", ["StraitCore", "StraitText", "StraitJSON", "StraitHTTP"]),
        module("StraitLayers", ["StraitCore", "StraitJSON"]),
        macros("StraitModelMacros"),
        module("StraitDatabase", ["CPostgres", "CSQLite", "StraitCore", "StraitText", "StraitHTTP"]),
        module(
            "StraitModels",
            ["StraitCore", "StraitText", "StraitJSON", "StraitCrypto", "StraitDatabase", "StraitModelMacros"]),
        module("StraitUploads", ["CLinux", "StraitCore", "StraitJSON", "StraitCrypto"]),
        module("StraitOutbox", ["StraitCore", "StraitDatabase", "StraitLayers"]),
        module(
            "StraitMigrations",
            ["StraitCore", "StraitText", "StraitJSON", "StraitDatabase", "StraitModels"]),
        module("StraitCache", ["StraitCore", "StraitJSON"]),
        module(
            "StraitRedis",
            ["CZlib", "StraitCore", "StraitJSON", "StraitCrypto", "StraitHTTP", "StraitLayers", "StraitCache"]),
        module(
            "StraitForms", ["StraitCore", "StraitText", "StraitJSON", "StraitCrypto", "StraitHTTP"]),
        module(
            "StraitModelForms",
            ["StraitCore", "StraitText", "StraitHTTP", "StraitForms", "StraitDatabase", "StraitModels"]),
        module(
            "StraitPasswords",
            [
                "CArgon2", "CCrypt", "CCommonPasswords", "StraitCore", "StraitText", "StraitCrypto", "StraitForms",
            ]),
        module(
            "StraitWeb",
            [
                "StraitCommandLine", "StraitCore", "StraitText", "StraitJSON", "StraitCrypto", "StraitCompression",
                "StraitHTTP", "StraitRouting", "StraitTemplates", "StraitForms",
            ]),
        module(
            "StraitMail", ["CCurl", "StraitCore", "StraitText", "StraitCrypto", "StraitHTTP", "StraitWeb"]),
        module(
            "StraitConsumers",
            ["StraitCore", "StraitJSON", "StraitHTTP", "StraitWebSocket", "StraitRouting", "StraitLayers"]),
        module(
            "StraitSessions",
            [
                "StraitCore", "StraitJSON", "StraitCrypto", "StraitHTTP", "StraitRouting", "StraitWeb",
                "StraitDatabase", "StraitModels", "StraitMigrations", "StraitConsumers", "StraitCache",
            ]),
        module(
            "StraitMessages",
            [
                "StraitCore", "StraitText", "StraitJSON", "StraitHTTP", "StraitRouting", "StraitTemplates",
                "StraitWeb", "StraitSessions",
            ]),
        module(
            "StraitAccounts",
            [
                "StraitCore", "StraitText", "StraitJSON", "StraitCrypto", "StraitHTTP", "StraitRouting",
                "StraitTemplates",
                "StraitForms", "StraitWeb", "StraitLayers", "StraitWebSocket", "StraitConsumers", "StraitDatabase",
                "StraitModels", "StraitMigrations", "StraitMail", "StraitPasswords", "StraitSessions", "StraitCache",
            ]),
        module(
            "StraitServer",
            [
                "StraitCore", "StraitHTTP", "StraitWebSocket", "StraitRouting", "StraitLayers", "StraitConsumers",
            ]),
        // For programs with sockets and no site: no templates, forms, settings or Redis.
        module(
            "StraitSockets",
            [
                "StraitCore", "StraitJSON", "StraitHTTP", "StraitWebSocket", "StraitRouting", "StraitLayers",
                "StraitConsumers", "StraitServer",
            ]),
        module(
            "Strait",
            [
                "StraitSockets", "StraitCommandLine", "StraitCore", "StraitText", "StraitHTTP", "StraitRouting",
                "StraitLayers", "StraitRedis", "StraitServer", "StraitForms", "StraitWeb", "StraitTemplates",
                "StraitDatabase", "StraitModels", "StraitMigrations",
                "StraitModelForms", "StraitOutbox", "StraitMail", "StraitSessions", "StraitPasswords", "StraitAccounts",
                "StraitMessages", "StraitCache",
            ]),
        // The program `strait`. The files of new projects and apps are compiled into it.
        .executableTarget(
            name: "StraitCommand", dependencies: ["StraitCommandLine"], resources: [.embedInCode("Template")],
            swiftSettings: settings),
        // Compiles the folders Templates and Static of a target into it.
        .plugin(name: "StraitAppFiles", capability: .buildTool(), dependencies: ["StraitEmbedder"]),
        .executableTarget(name: "StraitEmbedder", swiftSettings: settings),
        // For the tests of applications: never part of a server.
        module(
            "StraitTesting",
            [
                "Strait", "StraitCore", "StraitJSON", "StraitCrypto", "StraitHTTP", "StraitWebSocket",
                "StraitRouting", "StraitLayers", "StraitConsumers", "StraitServer",
                "StraitDatabase", "StraitModels", "StraitMigrations",
            ]),

        example("ExampleLook", at: "look"),
        example("ExampleEcho", at: "echo", ["ExampleLook"]),
        example("ExampleJSON", at: "json", ["ExampleLook"]),
        example("ExampleChat", at: "chat", ["ExampleLook"]),
        example("ExampleLive", at: "live", ["ExampleLook"]),
        .executableTarget(
            name: "showcase",
            dependencies: [
                "Strait", "StraitCore", "ExampleLook", "ExampleEcho", "ExampleJSON", "ExampleChat", "ExampleLive",
            ],
            path: "Examples/showcase", swiftSettings: settings, plugins: ["StraitAppFiles"]),

        // The pages of the benchmark of models (scripts/bench-models).
        .executableTarget(
            name: "ModelPages", dependencies: ["Strait", "StraitDatabase", "StraitModels"], path: "Benchmarks/models",
            exclude: ["compiled", "django_models.py", "posts.html"],
            swiftSettings: [
                .swiftLanguageMode(.v6), .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
            ]),

        // The pages of the benchmark of sessions and users (scripts/bench-accounts).
        .executableTarget(
            name: "AccountPages", dependencies: ["Strait"], path: "Benchmarks/accounts",
            exclude: ["django_accounts.py"],
            swiftSettings: [
                .swiftLanguageMode(.v6), .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
            ]),

        tests("StraitCoreTests", ["StraitCore", "StraitTesting"]),
        tests("StraitJSONTests", ["StraitJSON", "StraitCore", "StraitTesting", "RedisServers"]),
        tests("StraitUploadsTests", ["StraitUploads", "StraitCrypto", "StraitCore", "StraitTesting", "TestFolders"]),
        tests("StraitCryptoTests", ["StraitTesting", "StraitCrypto", "StraitCore"]),
        tests("StraitCompressionTests", ["StraitCompression", "StraitCore"]),
        tests("StraitLayersTests", ["StraitTesting", "StraitLayers", "StraitJSON", "StraitCore"]),
        // Another reader of Redis' replies, which ours is compared with.
        .systemLibrary(name: "CHiredis", path: "Tests/CHiredis", providers: [.apt(["libhiredis-dev"])]),
        tests(
            "StraitRedisTests",
            [
                "StraitCache", "CHiredis", "ConsumerLives", "RedisServers", "StraitTesting", "StraitRedis",
                "StraitServer",
                "StraitConsumers", "StraitWebSocket", "StraitLayers", "StraitJSON", "StraitCrypto", "StraitCore",
            ]),
        // Real Redis servers, for the tests of several modules.
        .target(name: "RedisServers", path: "Tests/RedisServers", swiftSettings: settings),
        // Real PostgreSQL servers.
        .target(
            name: "PostgresServers", dependencies: ["RedisServers"], path: "Tests/PostgresServers",
            swiftSettings: settings),
        // Random lives of a consumer and their model, for tests on several channel layers.
        .target(
            name: "ConsumerLives",
            dependencies: [
                "StraitTesting", "StraitConsumers", "StraitWebSocket", "StraitLayers", "StraitRouting", "StraitHTTP",
                "StraitCore",
            ], path: "Tests/ConsumerLives", swiftSettings: settings),
        tests("StraitHTTPTests", ["StraitHTTP", "StraitCore", "StraitTesting"]),
        tests(
            "StraitWebSocketTests",
            ["StraitTesting", "StraitWebSocket", "StraitHTTP", "StraitCore", "StraitCompression"]),
        tests("StraitRoutingTests", ["StraitRouting", "StraitHTTP", "StraitCore"]),
        tests("StraitTemplatesTests", ["StraitTemplates", "StraitTesting", "StraitText", "StraitCore"]),
        // Forms as a module writes them that sets nothing but the language mode.
        .target(
            name: "PlainForms", dependencies: ["StraitWeb", "StraitForms", "StraitRouting", "StraitHTTP"],
            path: "Tests/PlainForms",
            swiftSettings: [.swiftLanguageMode(.v6)]),
        .target(
            name: "TestFolders", dependencies: ["RedisServers"], path: "Tests/TestFolders", swiftSettings: settings),
        .target(name: "TestClocks", path: "Tests/TestClocks", swiftSettings: settings),
        // Request bodies, for the tests of forms and of pages with forms.
        .target(
            name: "FormScripts", dependencies: ["StraitHTTP", "StraitCore"], path: "Tests/FormScripts",
            swiftSettings: settings),
        tests("StraitTextTests", ["StraitText", "StraitTesting", "StraitCore"]),
        // A process with an outbox, which a test kills, and the parts that both share.
        .target(
            name: "OutboxScripts", dependencies: ["StraitDatabase", "StraitLayers", "StraitRedis", "StraitOutbox"],
            path: "Tests/OutboxScripts", swiftSettings: settings),
        .executableTarget(
            name: "OutboxProgram",
            dependencies: [
                "OutboxScripts", "StraitCore", "StraitDatabase", "StraitLayers", "StraitRedis", "StraitOutbox",
            ], path: "Tests/OutboxProgram", swiftSettings: settings),
        tests(
            "StraitOutboxTests",
            [
                "OutboxProgram", "OutboxScripts", "PostgresServers", "RedisServers", "TestFolders", "StraitOutbox",
                "StraitDatabase", "StraitLayers", "StraitTesting", "StraitCore",
            ]),
        tests(
            "StraitDatabaseTests",
            [
                "PostgresServers", "TestClocks", "TestFolders", "StraitDatabase", "StraitTesting", "StraitText",
                "StraitCore",
            ]),
        tests(
            "StraitModelsTests",
            ["PostgresServers", "TestFolders", "StraitModels", "StraitDatabase", "StraitTesting", "StraitCore"]),
        tests(
            "StraitMigrationsTests",
            [
                "PostgresServers", "RedisServers", "TestFolders", "StraitMigrations", "StraitModels", "StraitDatabase",
                "StraitTesting", "StraitJSON", "StraitCore",
            ]),
        tests("StraitCacheTests", ["StraitCache", "TestClocks", "StraitTesting", "StraitCore"]),
        tests(
            "StraitSessionsTests",
            [
                "StraitCache",
                "PostgresServers", "TestFolders", "Strait", "StraitSessions", "StraitWeb", "StraitDatabase",
                "StraitMigrations", "StraitTesting", "StraitHTTP", "StraitRouting", "StraitConsumers", "StraitJSON",
                "StraitCore",
            ]),
        tests(
            "StraitMessagesTests",
            ["Strait", "StraitMessages", "StraitText", "StraitWeb", "StraitTesting", "StraitCore"]),
        tests(
            "StraitAccountsTests",
            [
                "StraitCache", "StraitHTTP", "RedisServers",
                "PostgresServers", "TestClocks", "TestFolders", "Strait", "StraitAccounts", "StraitTesting",
                "StraitCore",
            ]),
        tests(
            "StraitMailTests",
            ["TestFolders", "Strait", "StraitMail", "StraitWeb", "StraitTesting", "StraitCore"]),
        tests("StraitPasswordsTests", ["StraitPasswords", "StraitForms", "StraitCore", "StraitTesting"]),
        tests(
            "StraitFormsTests",
            [
                "FormScripts", "TestFolders", "StraitForms", "StraitTesting", "StraitHTTP", "StraitText",
                "StraitCore",
            ]),
        tests(
            "StraitWebTests",
            [
                "FormScripts", "TestFolders", "Strait", "StraitWeb", "StraitForms", "PlainForms", "StraitTemplates",
                "StraitTesting", "StraitServer", "StraitText", "StraitRouting", "StraitHTTP", "StraitCompression",
                "StraitCore",
            ]),
        // Consumers as a module writes them that sets nothing but the language mode.
        .target(
            name: "PlainConsumers", dependencies: ["StraitConsumers", "StraitWebSocket"],
            path: "Tests/PlainConsumers", swiftSettings: [.swiftLanguageMode(.v6)]),
        tests(
            "StraitConsumersTests",
            [
                "StraitTesting", "StraitConsumers", "StraitLayers", "StraitRouting", "StraitWebSocket",
                "StraitHTTP", "StraitJSON", "StraitCore", "PlainConsumers",
            ]),
        // An app as a module writes it that sets nothing but the language mode.
        .target(
            name: "FolderApp", dependencies: ["Strait"], path: "Tests/FolderApp",
            swiftSettings: [.swiftLanguageMode(.v6)], plugins: ["StraitAppFiles"]),
        tests(
            "StraitTests",
            [
                "FolderApp", "TestFolders", "Strait", "StraitCommandLine", "StraitDatabase", "StraitMigrations",
                "StraitModels", "RedisServers", "StraitConsumers", "StraitRouting",
                "StraitServer", "StraitTesting", "StraitHTTP", "StraitLayers", "StraitCore", "StraitRedis",
                "StraitTemplates", "StraitForms", "StraitWeb", "StraitWebSocket", "ExampleEcho", "ExampleJSON",
                "ExampleChat", "ExampleLive", "showcase",
            ]),
        // A program that imports only StraitSockets; Documentation/Sockets.md shows it.
        .executableTarget(
            name: "SocketProgram", dependencies: ["StraitSockets"], path: "Tests/SocketProgram",
            swiftSettings: [.swiftLanguageMode(.v6), .enableUpcomingFeature("NonisolatedNonsendingByDefault")]),
        tests("StraitSocketsTests", ["SocketProgram", "showcase", "RedisServers", "StraitTesting"]),
        // A session middleware as a site writes one, with `import Strait` alone.
        .target(
            name: "PlainVisits", dependencies: ["Strait"], path: "Tests/PlainVisits",
            swiftSettings: [.swiftLanguageMode(.v6), .enableUpcomingFeature("NonisolatedNonsendingByDefault")]),
        tests(
            "StraitTestingTests",
            [
                "PlainVisits", "Strait", "StraitTesting", "StraitServer", "StraitConsumers", "StraitLayers",
                "StraitRouting", "StraitWebSocket", "StraitHTTP", "StraitCore",
                "PostgresServers", "StraitDatabase", "StraitModels",
            ]),
        tests("StraitCommandLineTests", ["StraitCommandLine"]),
        tests("StraitCommandTests", ["TestFolders", "StraitCommand", "StraitCommandLine"]),
        tests("StraitEmbedderTests", ["StraitEmbedder"]),
        tests("DocumentTests", []),
        tests(
            "StraitServerTests",
            [
                "ConsumerLives", "StraitTesting", "StraitServer", "StraitConsumers", "StraitLayers",
                "StraitRouting", "StraitWebSocket", "StraitHTTP", "StraitJSON", "StraitCompression", "StraitCore",
            ]),
        // The program of Documentation/Tutorials/DjangoLogin.md.
        .executableTarget(
            name: "HarborChat", dependencies: ["Strait"], path: "Tests/HarborChat",
            swiftSettings: [.swiftLanguageMode(.v6), .enableUpcomingFeature("NonisolatedNonsendingByDefault")]),
        // Models that `inspectdb` has written; a test compares them with the database.
        .target(
            name: "InspectedSQLite", dependencies: ["Strait"], path: "Tests/InspectedSQLite",
            swiftSettings: [.swiftLanguageMode(.v6)]),
        .target(
            name: "InspectedPostgreSQL", dependencies: ["Strait"], path: "Tests/InspectedPostgreSQL",
            swiftSettings: [.swiftLanguageMode(.v6)]),
        // Programs that were not written here, against the built showcase. Their scripts are in Tests/Peers.
        tests(
            "PeerTests",
            [
                "StraitCache", "showcase", "HarborChat", "InspectedSQLite", "InspectedPostgreSQL", "RedisServers",
                "PostgresServers", "TestFolders",
                "Strait",
                "StraitModels", "StraitModelForms", "StraitMigrations", "StraitDatabase", "StraitTesting",
                "StraitRedis", "StraitConsumers", "StraitText", "StraitWebSocket", "StraitWeb", "StraitForms",
                "StraitTemplates", "StraitRouting", "StraitHTTP", "StraitLayers", "StraitJSON", "StraitCore",
            ]),
    ]
)
