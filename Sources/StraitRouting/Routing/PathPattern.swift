/// A path pattern with arguments, such as `ws/chat/<str:room>/`; Django's `RoutePattern`.
struct PathPattern: Sendable {
    let text: String
    let pieces: [URLPattern.Piece]

    /// The maximum number of ways to split a path among the arguments. After that, the path does not match, so that an
    /// untrusted path cannot block an event loop. Practical patterns need only a few tries.
    private static let maximumTries = 20_000

    /// Parses a pattern.
    ///
    /// - Throws: ``RoutingError`` with the invalid pattern and the reason.
    init(_ text: String, _ converters: [String: any Converter]) throws(RoutingError) {
        func bad(_ why: String) -> RoutingError {
            RoutingError(.badPattern, "URL route '\(text)' \(why)")
        }
        if text.hasPrefix("/") {
            throw bad("begins with a slash: routes are matched without the first one, so leave it out.")
        }
        var pieces: [URLPattern.Piece] = []
        var names: Set<String> = []
        var rest = text[...]
        while let open = rest.firstIndex(of: "<") {
            if open > rest.startIndex { pieces.append(.literal(String(rest[..<open]))) }
            guard let close = rest[open...].firstIndex(of: ">") else { throw bad("has a '<' without its '>'.") }
            let inside = rest[rest.index(after: open)..<close]
            if inside.contains(where: \.isWhitespace) {
                throw bad("cannot contain whitespace in angle brackets <…>.")
            }
            let colon = inside.firstIndex(of: ":")
            let converterName = colon.map { String(inside[..<$0]) } ?? "str"
            let name = String(colon.map { inside[inside.index(after: $0)...] } ?? inside)
            guard Self.isIdentifier(name) else {
                throw bad("uses parameter name '\(name)' which isn't a valid identifier.")
            }
            guard names.insert(name).inserted else { throw bad("uses parameter name '\(name)' more than once.") }
            guard let converter = converters[converterName] else {
                throw bad(
                    "uses invalid converter '\(converterName)'; there are: "
                        + "\(converters.keys.sorted().joined(separator: ", ")).")
            }
            pieces.append(.argument(name, converter))
            rest = rest[rest.index(after: close)...]
        }
        if rest.contains(">") { throw bad("has a '>' without its '<'.") }
        if !rest.isEmpty { pieces.append(.literal(String(rest))) }
        self.text = text
        self.pieces = pieces
    }

    /// Creates a pattern from parsed pieces.
    init(pieces: [URLPattern.Piece]) {
        text = ""
        self.pieces = pieces
    }

    private static func isIdentifier(_ name: String) -> Bool {
        guard let first = name.unicodeScalars.first, first == "_" || first.properties.isAlphabetic else { return false }
        return name.unicodeScalars.allSatisfy {
            $0 == "_" || $0.properties.isAlphabetic || $0.properties.numericType != nil
        }
    }

    /// Matches `path` from `start`, up to its end unless `isPrefix` is true.
    func match(_ path: String, from start: Int, isPrefix: Bool) -> RouteMatch? {
        var match = RouteMatch(end: start)
        var tries = 0
        let bytes = path.utf8.span
        return advance(bytes, piece: 0, at: start, isPrefix, &match, &tries) ? match : nil
    }

    /// Matches the pieces from `index` on at `position`. Arguments match as much as possible and backtrack, like the
    /// regular expressions of Django's converters.
    private func advance(
        _ path: Span<UInt8>, piece index: Int, at position: Int, _ isPrefix: Bool, _ match: inout RouteMatch,
        _ tries: inout Int
    ) -> Bool {
        guard index < pieces.count else {
            match.end = position
            return isPrefix || position == path.count
        }
        switch pieces[index] {
        case .literal(let text):
            let literal = text.utf8.span
            guard position + literal.count <= path.count else { return false }
            for offset in literal.indices where path[position &+ offset] != literal[offset] { return false }
            return advance(path, piece: index + 1, at: position + literal.count, isPrefix, &match, &tries)
        case .argument(let name, let converter):
            let rest = path.extracting(position..<path.count)
            let longest = converter.longestMatch(in: rest)
            var count = longest
            while count > 0 {
                defer { count -= 1 }
                tries += 1
                if tries > Self.maximumTries { return false }
                // Don't split a UTF-8 character, and accept a shorter text only if the converter matches all of it.
                if count < rest.count, rest[count] & 0xC0 == 0x80 { continue }
                // Check the rest first, because it usually fails at its first byte.
                guard advance(path, piece: index + 1, at: position + count, isPrefix, &match, &tries) else { continue }
                if count < longest, !converter.matchesAll(rest.extracting(0..<count)) { continue }
                guard let text = try? UTF8Span(validating: rest.extracting(0..<count)),
                    let value = converter.toValue(String(copying: text))
                else { return false }
                match.kwargs[name] = value
                return true
            }
            return false
        }
    }
}

/// The result of matching a pattern against a path.
struct RouteMatch {
    /// The end of the match, as an offset in the path's UTF-8.
    var end: Int
    var args: [String] = []
    var kwargs: [String: any Sendable] = [:]
}
