import StraitCommandLine

/// A name that Swift takes as a module's, and that no module has that a project builds.
struct ModuleName: Hashable {
    /// The thing that is given the name, for errors.
    enum Owner: String {
        case project, app
    }

    let text: String

    init(_ name: String, of owner: Owner) throws(UsageError) {
        guard let first = name.unicodeScalars.first, Self.isLetter(first),
            name.unicodeScalars.allSatisfy({ Self.isLetter($0) || ("0"..."9").contains($0) || $0 == "_" })
        else {
            let article = owner == .app ? "an app's" : "a project's"
            throw UsageError(
                "'\(name)' cannot be \(article) name. Give one of ASCII letters, digits and underscores that begins with a letter."
            )
        }
        guard name.utf8.count <= Self.longest else {
            let article = owner == .app ? "An app's" : "A project's"
            throw UsageError(
                "\(article) name has at most \(Self.longest) characters; '\(name)' has \(name.utf8.count). Give a shorter one."
            )
        }
        guard !Self.keywords.contains(name) else {
            throw UsageError("'\(name)' is a keyword of Swift. Give the \(owner) another name.")
        }
        guard !Self.modules.contains(name), !Self.modules.contains(name + "Tests") else {
            throw UsageError(
                "There is a module '\(name)' already, which the project could not import then. Give the \(owner) another name."
            )
        }
        guard !Self.reserved.contains(name.lowercased()), owner == .project || name.lowercased() != "app" else {
            throw UsageError("'\(name)' would be mistaken for something else. Give the \(owner) another name.")
        }
        text = name
    }

    private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
        ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)
    }

    /// The most characters, which leaves room in a file's name.
    static let longest = 64

    /// The words that cannot name a module without back-quotes.
    static let keywords: Set<String> = [
        "Any", "Self", "Type", "Protocol", "actor", "as", "associatedtype", "async", "await", "borrowing", "break",
        "case", "catch", "class", "consuming", "continue", "default", "defer", "deinit", "do", "else", "enum",
        "extension", "fallthrough", "false", "fileprivate", "for", "func", "guard", "if", "import", "in", "init",
        "inout", "internal", "is", "let", "macro", "nil", "open", "operator", "package", "precedencegroup", "private",
        "protocol", "public", "repeat", "rethrows", "return", "self", "some", "static", "struct", "subscript", "super",
        "switch", "throw", "throws", "true", "try", "typealias", "var", "where", "while",
    ]

    /// The modules of the toolchain, and those of the package that a project depends on, whose names have to differ from
    /// the project's.
    static let modules: Set<String> = [
        "Builtin", "CDispatch", "CRT", "Cxx", "CxxStdlib", "Dispatch", "Distributed", "Foundation",
        "FoundationEssentials", "FoundationInternationalization", "FoundationNetworking", "FoundationXML", "Glibc",
        "Musl", "Observation", "PackageDescription", "PackagePlugin", "RegexBuilder", "Runtime", "Swift",
        "SwiftGlibc", "SwiftOnoneSupport", "SwiftShims", "Synchronization", "Testing", "XCTest",
        "CLinux", "COpenSSL", "CZlib", "ExampleChat", "ExampleEcho", "ExampleJSON", "ExampleLive", "ExampleLook",
        "CHiredis", "ConsumerLives", "FolderApp", "PlainConsumers", "PlainForms", "PlainSessions", "RedisServers",
        "Strait",
        "StraitAppFiles",
        "StraitCommand", "StraitCommandLine", "StraitEmbedder", "StraitCompression",
        "StraitConsumers",
        "StraitCrypto",
        "StraitHTTP", "StraitJSON", "StraitLayers", "StraitRedis", "StraitNetwork", "StraitRouting", "StraitServer",
        "StraitTemplates", "StraitTesting", "StraitWeb", "StraitWebSocket", "showcase",
    ]

    /// The package that is depended on, which cannot have a namesake, and names that say nothing.
    private static let reserved: Set<String> = ["strait", "test", "tests"]
}
