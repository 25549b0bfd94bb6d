import StraitCommandLine

/// A project's `Package.swift`, to which the targets of an app are added.
///
/// Only the necessary parts of the text are parsed: the list `targets` of `Package(…)` and the arguments of each target
/// have to be literals. Everything else stays unchanged.
struct Manifest {
    /// A target in the manifest.
    struct Target {
        /// The target's declaration: `executableTarget`, `target` or `testTarget`.
        let kind: String
        let name: String
        /// The range of each argument, by its label.
        let arguments: [String: Range<Int>]
    }

    private let text: SwiftText
    /// The range between the brackets of `targets`.
    private let list: Range<Int>
    let targets: [Target]

    /// Parses the text of a manifest.
    init(_ text: String) throws(ManifestError) {
        self.text = SwiftText(text)
        list = try Self.targetList(in: self.text)
        targets = self.text.parts(in: list).compactMap { [text = self.text] in Self.target(at: $0, in: text) }
    }

    /// Returns the program's target.
    func program() throws(ManifestError) -> Target {
        let programs = targets.filter { $0.kind == "executableTarget" }
        guard let program = programs.first else { throw ManifestError("it declares no .executableTarget(name: \"…\")") }
        guard programs.count == 1 else {
            throw ManifestError("it declares several programs: \(programs.map(\.name).joined(separator: ", "))")
        }
        return program
    }

    /// Returns the folder of the program's sources, relative to the manifest's folder.
    func sources(of target: Target) -> String {
        target.arguments["path"].flatMap { Self.literal(at: $0, in: text) } ?? "Sources/\(target.name)"
    }

    /// Returns the manifest's text with the targets of `app`, and the program's dependency on it.
    func adding(_ app: AppName) throws -> String {
        for name in [app.module, app.tests] {
            if let taken = targets.first(where: { $0.name.lowercased() == name.lowercased() }) {
                throw UsageError("There is a target '\(taken.name)' already. Give the app another name.")
            }
        }
        let program = try program()
        guard let dependencies = program.arguments["dependencies"], let inner = brackets(dependencies) else {
            throw ManifestError("the target \(program.name) has no list of dependencies: [ … ]")
        }
        let edits =
            text.appending(#""\#(app.module)""#, to: inner)
            + text.appending(declarations(of: app, like: program), to: list)
        let result = TextEdit.apply(edits, to: text)
        // Parse the result, so that no manifest is written that cannot be read again.
        let changed = try Manifest(result)
        let names = changed.targets.map(\.name)
        guard names == targets.map(\.name) + [app.module, app.tests] else {
            throw ManifestError("its targets could not be recognized")
        }
        return result
    }

    /// Returns the two targets of `app`, with the program's settings and its dependency on Strait.
    func declarations(of app: AppName, like program: Target?) -> String {
        var package = "strait"
        for place in program?.arguments["dependencies"].flatMap(brackets).map(text.parts) ?? [] {
            guard let open = text.places(of: "product", in: place).first.flatMap({ text.firstCode(from: $0 + 7) }),
                let arguments = Self.arguments(at: open, in: text),
                arguments["name"].flatMap({ Self.literal(at: $0, in: text) }) == "Strait",
                let name = arguments["package"].flatMap({ Self.literal(at: $0, in: text) })
            else { continue }
            package = name
        }
        let settings = program?.arguments["swiftSettings"].map { ",\n    swiftSettings: \(text.text($0))" } ?? ""
        return """
            .target(
                name: "\(app.module)",
                dependencies: [.product(name: "Strait", package: "\(package)")]\(settings),
                plugins: [.plugin(name: "StraitAppFiles", package: "\(package)")]),
            .testTarget(
                name: "\(app.tests)",
                dependencies: ["\(app.module)", .product(name: "StraitTesting", package: "\(package)")]\(settings))
            """
    }

    /// A placeholder for a manifest that could not be parsed.
    static let unread = Manifest()

    private init() {
        text = SwiftText("")
        list = 0..<0
        targets = []
    }

    // MARK: Reading

    private static func targetList(in text: SwiftText) throws(ManifestError) -> Range<Int> {
        for place in text.places(of: "Package") {
            guard let open = text.firstCode(from: place + 7), text.bytes[open] == 0x28,
                let arguments = arguments(at: open, in: text)
            else { continue }
            guard let targets = arguments["targets"] else { throw ManifestError("Package(…) has no targets: [ … ]") }
            guard let inner = brackets(targets, in: text) else {
                throw ManifestError("the targets of Package(…) are not written as one list [ … ]")
            }
            return inner
        }
        throw ManifestError("it has no Package(…)")
    }

    private static func target(at place: Range<Int>, in text: SwiftText) -> Target? {
        guard let open = place.first(where: { text.isCode($0) && text.bytes[$0] == 0x28 }),
            let arguments = arguments(at: open, in: text),
            let name = arguments["name"].flatMap({ literal(at: $0, in: text) })
        else { return nil }
        let call = text.text(text.trimmed(place.lowerBound..<open))
        return Target(kind: String(call.split(separator: ".").last ?? ""), name: name, arguments: arguments)
    }

    /// Returns the arguments of the call whose parenthesis is at `open`, by label. Returns nil if there is no complete
    /// call.
    private static func arguments(at open: Int, in text: SwiftText) -> [String: Range<Int>]? {
        guard text.bytes[open] == 0x28, let close = text.closing(of: open) else { return nil }
        var arguments: [String: Range<Int>] = [:]
        for part in text.parts(in: open + 1..<close) {
            guard let colon = part.first(where: { text.isCode($0) && text.bytes[$0] == 0x3A }) else { continue }
            let label = text.text(text.trimmed(part.lowerBound..<colon))
            arguments[label] = text.trimmed(colon + 1..<part.upperBound)
        }
        return arguments
    }

    /// Returns the range between the brackets of an array literal, or nil if `value` is no such literal.
    private func brackets(_ value: Range<Int>) -> Range<Int>? { Self.brackets(value, in: text) }

    private static func brackets(_ value: Range<Int>, in text: SwiftText) -> Range<Int>? {
        guard let open = value.first, text.isCode(open), text.bytes[open] == 0x5B, let close = text.closing(of: open),
            close == value.upperBound - 1
        else { return nil }
        return open + 1..<close
    }

    /// Returns the value of a plain string literal, or nil if `value` is no such literal.
    private static func literal(at value: Range<Int>, in text: SwiftText) -> String? {
        let bytes = text.bytes[value]
        guard bytes.count >= 2, bytes.first == 0x22, bytes.last == 0x22, !bytes.dropFirst().dropLast().contains(0x22),
            !bytes.contains(0x5C), value.allSatisfy({ text.kinds[$0] == .literal })
        else { return nil }
        return String(decoding: bytes.dropFirst().dropLast(), as: UTF8.self)
    }
}

/// The reason why a project's file cannot be changed, phrased as part of a sentence.
struct ManifestError: Error, Hashable, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
