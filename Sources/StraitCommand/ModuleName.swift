import StraitCommandLine

/// A name that is valid for a Swift module and differs from all modules that a project builds.
struct ModuleName: Hashable {
    /// The item to be named, for errors.
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
                "'\(name)' cannot be \(article) name. Give one of ASCII letters, digits and underscores that begins "
                    + "with a letter.")
        }
        guard name.utf8.count <= Self.longest else {
            let article = owner == .app ? "An app's" : "A project's"
            throw UsageError(
                "\(article) name has at most \(Self.longest) characters; '\(name)' has \(name.utf8.count). Give a "
                    + "shorter one.")
        }
        guard !Self.keywords.contains(name) else {
            throw UsageError("'\(name)' is a keyword of Swift. Give the \(owner) another name.")
        }
        guard !Self.modules.contains(name), !Self.modules.contains(name + "Tests") else {
            throw UsageError("The name '\(name)' conflicts with an existing module. Give the \(owner) another name.")
        }
        guard !Self.reserved.contains(name.lowercased()), owner == .project || name.lowercased() != "app" else {
            throw UsageError("The name '\(name)' is reserved. Give the \(owner) another name.")
        }
        text = name
    }

    private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
        ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)
    }

    /// The maximum number of characters, which leaves room in file names.
    static let longest = 64

    /// The words that cannot name a module without backticks.
    static let keywords: Set<String> = [
        "Any", "Self", "Type", "Protocol", "actor", "as", "associatedtype", "async", "await", "borrowing", "break",
        "case", "catch", "class", "consuming", "continue", "default", "defer", "deinit", "do", "else", "enum",
        "extension", "fallthrough", "false", "fileprivate", "for", "func", "guard", "if", "import", "in", "init",
        "inout", "internal", "is", "let", "macro", "nil", "open", "operator", "package", "precedencegroup", "private",
        "protocol", "public", "repeat", "rethrows", "return", "self", "some", "static", "struct", "subscript", "super",
        "switch", "throw", "throws", "true", "try", "typealias", "var", "where", "while",
    ]

    /// The modules of the toolchain and of Strait's package. The project's modules need other names.
    static let modules: Set<String> = [
        "Builtin", "CDispatch", "CRT", "Cxx", "CxxStdlib", "Dispatch", "Distributed", "Foundation",
        "FoundationEssentials", "FoundationInternationalization", "FoundationNetworking", "FoundationXML", "Glibc",
        "Musl", "Observation", "PackageDescription", "PackagePlugin", "RegexBuilder", "Runtime", "Swift",
        "SwiftGlibc", "SwiftOnoneSupport", "SwiftShims", "Synchronization", "Testing", "XCTest",
        "CArgon2", "CCommonPasswords", "CCrypt", "CCurl", "CLinux", "COpenSSL", "CPostgres", "CSQLite", "CZlib",
        "ExampleChat", "ExampleEcho", "ExampleJSON", "ExampleLive",
        "ExampleLook",
        "CHiredis", "ConsumerLives", "FolderApp", "PlainConsumers", "FormScripts", "PlainForms",
        "InspectedPostgreSQL", "InspectedSQLite",
        "PlainVisits",
        "RedisServers", "PostgresServers", "TestClocks", "TestFolders",
        "Strait",
        "StraitAppFiles",
        "StraitCommand", "StraitCommandLine", "StraitEmbedder", "StraitCompression",
        "StraitAccounts", "StraitCache", "StraitConsumers", "StraitMail", "StraitMessages", "StraitUploads",
        "StraitCrypto",
        "StraitHTTP", "StraitJSON", "StraitLayers", "StraitPasswords", "StraitRedis", "StraitCore", "StraitRouting",
        "StraitServer",
        "StraitDatabase", "StraitModelMacros", "StraitModels", "StraitModelForms", "StraitOutbox", "StraitMigrations",
        "StraitSessions", "StraitSockets",
        "SocketProgram", "OutboxProgram", "ModelPages", "AccountPages", "HarborChat", "OutboxScripts",
        "StraitForms",
        "StraitTemplates", "StraitTesting", "StraitText", "StraitWeb", "StraitWebSocket", "showcase",
    ]

    /// The name of Strait's package, which has to be unique, and names that are too general.
    private static let reserved: Set<String> = ["strait", "test", "tests"]
}

/// The name of an app: `Chat` is its module, `ChatApp` its type, and `chat` the prefix of its paths and names.
struct AppName: Hashable {
    /// The name in camel case, with a capital letter for each word: `MyChat` for `my_chat`.
    let module: String

    /// Checks that the name can be a module's name, and removes a final `App`.
    init(_ name: String) throws(UsageError) {
        let given = try ModuleName(name, of: .app).text
        let words = given.split(separator: "_").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
        let short = words.hasSuffix("App") && words != "App" ? String(words.dropLast(3)) : words
        module = try ModuleName(short, of: .app).text
    }

    /// The app's type.
    var app: String { module + "App" }
    /// The type of the app's consumer.
    var consumer: String { module + "Consumer" }
    /// The app's label, derived from the type's name like the default of `App.label`.
    var label: String { module.lowercased() }
    /// The target of the app's tests.
    var tests: String { module + "Tests" }
}

/// The name of a project, which is also the name of its folder, module and executable.
struct ProjectName: Hashable {
    /// The name as given.
    let module: String

    /// Checks that the name can be a module's name and is not taken.
    init(_ name: String) throws(UsageError) { module = try ModuleName(name, of: .project).text }

    /// The type of the site: `BlogSite` for `blog`, `MyBlogSite` for `my_blog`, and `MySite` for `mysite`. It differs
    /// from the module's name, which it would hide, and from the protocol `Site`.
    var site: String {
        let type = module.split(separator: "_").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
        guard type.count > 4, type.lowercased().hasSuffix("site") else { return type + "Site" }
        let spelled = type.dropLast(4) + "Site"
        return spelled == module ? spelled + "Site" : String(spelled)
    }
}
