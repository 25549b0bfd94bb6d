/// The models and migrations that Swift files declare, by the names of their types.
struct SourceDeclarations: Hashable {
    /// The structs with the attribute `@Model`.
    private(set) var models: [String] = []
    /// The types that conform to `Migration`.
    private(set) var migrations: [String] = []

    /// Creates an empty list.
    init() {}

    /// Adds the declarations of a file. Types that other files cannot use, such as private ones, are left out.
    mutating func read(_ source: String) {
        guard source.contains("@Model") || source.contains("Migration") else { return }
        var reader = DeclarationReader(SwiftTokens.read(source))
        reader.run()
        models += reader.models
        migrations += reader.migrations
    }

    /// Sorts the names.
    mutating func sort() {
        models.sort()
        migrations.sort()
    }
}

/// The words and signs of a Swift file, without comments and the content of strings.
enum SwiftTokens {
    static func read(_ source: String) -> [String] {
        let bytes = Array(source.utf8)
        var tokens: [String] = []
        var place = 0
        func has(_ text: StaticString, at place: Int) -> Bool { bytes[place...].starts(with: "\(text)".utf8) }
        while place < bytes.count {
            let byte = bytes[place]
            if has("//", at: place) {
                while place < bytes.count, bytes[place] != 0x0A { place += 1 }
            } else if has("/*", at: place) {
                place = afterComment(bytes, place)
            } else if byte == 0x22 || byte == 0x23 {
                place = afterString(bytes, place) ?? place + 1
            } else if isLetter(byte) {
                let start = place
                while place < bytes.count, isLetter(bytes[place]) { place += 1 }
                tokens.append(String(decoding: bytes[start..<place], as: UTF8.self))
            } else {
                if byte > 0x20 { tokens.append(String(UnicodeScalar(byte))) }
                place += 1
            }
        }
        return tokens
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F, 0x60, 0x80...: true
        default: false
        }
    }

    /// Returns the place after a comment, which may contain others.
    private static func afterComment(_ bytes: [UInt8], _ start: Int) -> Int {
        var (place, depth) = (start, 0)
        while place < bytes.count {
            if bytes[place...].starts(with: "/*".utf8) {
                depth += 1
                place += 2
            } else if bytes[place...].starts(with: "*/".utf8) {
                depth -= 1
                place += 2
                if depth == 0 { return place }
            } else {
                place += 1
            }
        }
        return place
    }

    /// Returns the place after a string literal, or nil if there is none. Code inside a string is skipped too.
    private static func afterString(_ bytes: [UInt8], _ start: Int) -> Int? {
        var place = start
        while place < bytes.count, bytes[place] == 0x23 { place += 1 }
        let hashes = place - start
        guard place < bytes.count, bytes[place] == 0x22 else { return nil }
        let isLong = bytes[place...].starts(with: [0x22, 0x22, 0x22])
        place += isLong ? 3 : 1
        let end = [UInt8](repeating: 0x22, count: isLong ? 3 : 1) + [UInt8](repeating: 0x23, count: hashes)
        let escape: [UInt8] = [0x5C] + [UInt8](repeating: 0x23, count: hashes)
        while place < bytes.count {
            if bytes[place...].starts(with: escape) {
                place += escape.count
                if place < bytes.count, bytes[place] == 0x28 {
                    place = afterInterpolation(bytes, place)
                } else {
                    place += 1
                }
            } else if bytes[place...].starts(with: end) {
                return place + end.count
            } else {
                place += 1
            }
        }
        return place
    }

    /// Returns the place after an interpolation, which may contain strings.
    private static func afterInterpolation(_ bytes: [UInt8], _ start: Int) -> Int {
        var (place, depth) = (start, 0)
        while place < bytes.count {
            switch bytes[place] {
            case 0x28: depth += 1
            case 0x29: depth -= 1
            case 0x22: place = (afterString(bytes, place) ?? place + 1) - 1
            default: break
            }
            place += 1
            if depth == 0 { return place }
        }
        return place
    }
}

/// Finds declarations in the tokens of a file.
private struct DeclarationReader {
    private let tokens: [String]
    private var place = 0
    /// The enclosing scopes: the name of a type that other files can use, or nil for anything else.
    private var scopes: [String?] = []
    private var isModel = false
    private var isPrivate = false
    private(set) var models: [String] = []
    private(set) var migrations: [String] = []

    init(_ tokens: [String]) { self.tokens = tokens }

    private var next: String? { place < tokens.count ? tokens[place] : nil }

    mutating func run() {
        while let token = next {
            place += 1
            switch token {
            case "@":
                isModel = isModel || next == "Model"
                place += 1
                skipParentheses()
            case "private", "fileprivate":
                isPrivate = true
                skipParentheses()
            case "struct", "enum", "class", "actor", "extension": readType(token)
            case "var", "let", "func", "init", "case", "protocol", "typealias", "subscript": forget()
            case "{":
                scopes.append(nil)
                forget()
            case "}":
                _ = scopes.popLast()
                forget()
            default: break
            }
        }
    }

    private mutating func forget() {
        isModel = false
        isPrivate = false
    }

    private mutating func skipParentheses() {
        guard next == "(" else { return }
        var depth = 0
        while let token = next {
            place += 1
            if token == "(" { depth += 1 }
            if token == ")" { depth -= 1 }
            if depth == 0 { return }
        }
    }

    /// Reads the head of a type up to its body.
    private mutating func readType(_ keyword: String) {
        // `class func` and `class var` declare no type.
        guard let name = next, name != "func", name != "var", name != "{" else { return }
        var path = name
        place += 1
        while next == ".", place + 1 < tokens.count {
            path += "." + tokens[place + 1]
            place += 2
        }
        var inherited: Set<String> = []
        while let token = next, token != "{", token != "}" {
            inherited.insert(token)
            place += 1
        }
        guard next == "{" else { return forget() }
        place += 1
        let enclosing = scopes.compactMap(\.self)
        let isVisible = !isPrivate && enclosing.count == scopes.count
        let full = (enclosing + [path]).joined(separator: ".")
        if isVisible, keyword != "extension" {
            if isModel, keyword == "struct" { models.append(full) }
            if inherited.contains("Migration") { migrations.append(full) }
        }
        scopes.append(isVisible ? path : nil)
        forget()
    }
}
