import Strait

/// What a project is called: its folder, its module and its executable have this name.
struct ProjectName: Hashable {
    /// The name as it was given.
    let module: String

    /// Takes a name that Swift takes as a module's, and that no module of the project's own has.
    init(_ name: String) throws(UsageError) {
        guard let first = name.unicodeScalars.first, Self.isLetter(first),
            name.unicodeScalars.allSatisfy({ Self.isLetter($0) || ("0"..."9").contains($0) || $0 == "_" })
        else {
            throw UsageError(
                "'\(name)' cannot be a project's name. Give one of ASCII letters, digits and underscores that begins with a letter."
            )
        }
        guard name.utf8.count <= Self.longest else {
            throw UsageError(
                "A project's name has at most \(Self.longest) characters; '\(name)' has \(name.utf8.count). Give a shorter one."
            )
        }
        guard !Self.keywords.contains(name) else {
            throw UsageError("'\(name)' is a keyword of Swift. Give the project another name.")
        }
        guard !Self.modules.contains(name), !Self.modules.contains(name + "Tests") else {
            throw UsageError(
                "There is a module '\(name)' already, which the project could not import then. Give the project another name."
            )
        }
        guard !Self.reserved.contains(name.lowercased()) else {
            throw UsageError("'\(name)' would be mistaken for something else. Give the project another name.")
        }
        module = name
    }

    /// The type of its site: `BlogSite` of `blog`, `MyBlogSite` of `my_blog`, and `Mysite` of `mysite`. Never the
    /// module's own name, behind which the module could not be named any more, nor the protocol's.
    var site: String {
        let words = module.split(separator: "_").map { $0.prefix(1).uppercased() + $0.dropFirst() }
        let type = words.joined()
        return type.lowercased().hasSuffix("site") && type.count > 4 && type != module ? type : type + "Site"
    }

    private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
        ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)
    }

    /// Leaves room in a file's name.
    static let longest = 64

    /// Words that no module may be called by, without back-quotes.
    static let keywords: Set<String> = [
        "Any", "Self", "Type", "Protocol", "actor", "as", "associatedtype", "async", "await", "borrowing", "break",
        "case", "catch", "class", "consuming", "continue", "default", "defer", "deinit", "do", "else", "enum",
        "extension", "fallthrough", "false", "fileprivate", "for", "func", "guard", "if", "import", "in", "init",
        "inout", "internal", "is", "let", "macro", "nil", "open", "operator", "package", "precedencegroup", "private",
        "protocol", "public", "repeat", "rethrows", "return", "self", "some", "static", "struct", "subscript", "super",
        "switch", "throw", "throws", "true", "try", "typealias", "var", "where", "while",
    ]

    /// What is there to be imported: the toolchain's modules, and those of the package that the project depends on,
    /// whose names have to differ from the project's.
    static let modules: Set<String> = [
        "Builtin", "CDispatch", "CRT", "Cxx", "CxxStdlib", "Dispatch", "Distributed", "Foundation",
        "FoundationEssentials", "FoundationInternationalization", "FoundationNetworking", "FoundationXML", "Glibc",
        "Musl", "Observation", "PackageDescription", "PackagePlugin", "RegexBuilder", "Runtime", "Swift",
        "SwiftGlibc", "SwiftOnoneSupport", "SwiftShims", "Synchronization", "Testing", "XCTest",
        "CLinux", "COpenSSL", "CZlib", "ExampleChat", "ExampleEcho", "ExampleJSON", "ExampleLive", "ExampleLook",
        "CHiredis", "ConsumerLives", "FolderApp", "PlainConsumers", "PlainForms", "PlainSessions", "RedisServers",
        "Strait", "StraitAppFiles",
        "StraitCommand", "StraitEmbedder", "StraitCompression",
        "StraitConsumers",
        "StraitCrypto",
        "StraitHTTP", "StraitJSON", "StraitLayers", "StraitRedis", "StraitNetwork", "StraitRouting", "StraitServer",
        "StraitTemplates", "StraitTesting", "StraitWeb", "StraitWebSocket", "showcase",
    ]

    /// The package that is depended on, which has no namesake, and names that say nothing.
    private static let reserved: Set<String> = ["strait", "test", "tests"]
}
