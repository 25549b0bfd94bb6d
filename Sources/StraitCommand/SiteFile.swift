/// The Swift file that declares a project's site, in which apps are installed.
struct SiteFile {
    let path: String
    private let text: SwiftText
    /// The range between the braces of the site's type.
    private let members: Range<Int>

    /// Parses the file at `path`. Returns nil if it does not declare a type that conforms to `Site`.
    init?(_ text: String, at path: String) {
        let text = SwiftText(text)
        guard let members = Self.members(in: text) else { return nil }
        self.path = path
        self.text = text
        self.members = members
    }

    /// Returns the file's text with an app installed and its module imported.
    ///
    /// - Parameter isElsewhere: Whether another file of the target contains `installedApps`.
    func installing(_ app: AppName, isElsewhere: Bool = false) throws(ManifestError) -> String {
        var edits = importing(app.module)
        let instance = "\(app.app)()"
        if let place = text.places(of: "installedApps", in: members).first {
            edits += text.appending(instance, to: try list(of: place))
        } else if isElsewhere {
            throw ManifestError("another file declares the site's installedApps")
        } else {
            let member = "\n    var installedApps: [any App] { [\(instance)] }\n"
            edits.append(TextEdit(offset: members.lowerBound, text: member))
        }
        return TextEdit.apply(edits, to: text)
    }

    /// Whether the file's code contains `installedApps`.
    static func declaresApps(_ text: String) -> Bool { !SwiftText(text).places(of: "installedApps").isEmpty }

    /// Returns the range between the brackets of the list that `installedApps` at `place` declares.
    private func list(of place: Int) throws(ManifestError) -> Range<Int> {
        let unclear = ManifestError("the site's installedApps is not written as one list [ … ]")
        // Accept `var installedApps: [any App] { [ … ] }`, the same with `return`, or `= [ … ]`.
        guard let colon = text.firstCode(from: place + "installedApps".utf8.count), text.bytes[colon] == 0x3A,
            let open = text.firstCode(from: colon + 1), text.bytes[open] == 0x5B, let close = text.closing(of: open),
            let next = text.firstCode(from: close + 1)
        else { throw unclear }
        var start = next + 1
        var end: Int?
        if text.bytes[next] == 0x7B {
            end = text.closing(of: next)
            if let word = text.firstCode(from: start),
                text.places(of: "return", in: word..<members.upperBound).first == word
            {
                start = word + "return".utf8.count
            }
        } else if text.bytes[next] != 0x3D {
            throw unclear
        }
        guard let list = text.firstCode(from: start), text.bytes[list] == 0x5B, let last = text.closing(of: list),
            last < members.upperBound
        else { throw unclear }
        // The braces contain more than the list.
        if let end, text.firstCode(from: last + 1) != end { throw unclear }
        if end == nil, let after = text.firstCode(from: last + 1),
            text.bytes[last + 1..<after].allSatisfy({ $0 != 0x0A }),
            after < members.upperBound
        {
            throw unclear
        }
        return list + 1..<last
    }

    /// Returns the edits that import `module`, in alphabetical order among plain imports.
    private func importing(_ module: String) -> [TextEdit] {
        var end: Int?
        for place in text.places(of: "import") {
            guard let start = text.firstCode(from: place + 6) else { continue }
            let name = String(
                decoding: text.bytes[start...].prefix { SwiftText.isWord($0) || $0 == 0x2E }, as: UTF8.self)
            if name == module { return [] }
            let lineStart = start - text.bytes[..<start].reversed().prefix { $0 != 0x0A }.count
            if name > module { return [TextEdit(offset: lineStart, text: "import \(module)\n")] }
            end = text.bytes[start...].firstIndex(of: 0x0A).map { $0 + 1 } ?? text.bytes.count
        }
        return [TextEdit(offset: end ?? 0, text: "import \(module)\n" + (end == nil ? "\n" : ""))]
    }

    /// Returns the range between the braces of the type that conforms to `Site`.
    private static func members(in text: SwiftText) -> Range<Int>? {
        for keyword in ["struct", "class", "actor", "enum"] {
            for place in text.places(of: keyword) {
                guard
                    let brace = (place..<text.bytes.count).first(where: { text.isCode($0) && text.bytes[$0] == 0x7B }),
                    let colon = (place..<brace).first(where: { text.isCode($0) && text.bytes[$0] == 0x3A }),
                    !text.places(of: "Site", in: colon..<brace).isEmpty, let end = text.closing(of: brace)
                else { continue }
                return brace + 1..<end
            }
        }
        return nil
    }
}
