import StraitDatabase

/// A type that is stored as JSON.
public protocol JSONStored: ModelValue {}
extension StoredJSON: JSONStored {}

extension Expression where Value.Base: JSONStored {
    /// The value at a path of keys, or nil; Django's `settings__theme__color`. A number in the path is an index.
    ///
    /// - Parameters:
    ///   - path: The keys from the outermost to the innermost.
    ///   - type: The type of the value.
    public func json<Part: ModelValue>(_ path: String..., as type: Part.Type = String.self) -> Calculation<Part?> {
        // As text, because a number would not equal its text.
        let isText = Part.fieldKind.isText
        var template: SQLTemplate = "\(sqlite: "", postgreSQL: "(")"
        template.parts.append(.engines(sqlite: isText ? "CAST(JSON_EXTRACT(" : "JSON_EXTRACT(", postgreSQL: ""))
        template.parts.append(.node(node))
        let sqlite = path.reduce("$") { text, key in
            let isIndex = !key.isEmpty && key.utf8.allSatisfy { (0x30...0x39).contains($0) }
            return text + (isIndex ? "[\(key)]" : "." + SQL.quoted(key))
        }
        let keys = path.map { key in
            "\"" + key.unicodeScalars.map { $0 == "\"" || $0 == "\\" ? "\\\($0)" : "\($0)" }.joined() + "\""
        }
        template.parts.append(.engines(sqlite: ", ", postgreSQL: " #>> "))
        template.parts.append(
            .node(
                ExpressionNode(
                    .value(JSONPathText(sqlite: sqlite, postgreSQL: "{\(keys.joined(separator: ","))}"), nil))))
        let cast = Part.fieldKind == .text ? "" : "::" + Part.fieldKind.postgresCast
        template.parts.append(.engines(sqlite: isText ? ") AS TEXT)" : ")", postgreSQL: ")\(cast)"))
        return Calculation(.calculation(template))
    }
}

/// A path in JSON, in the syntax of each engine.
private struct JSONPathText: DatabaseConvertible {
    let sqlite: String
    let postgreSQL: String

    func databaseValue(for engine: DatabaseEngine) -> DatabaseValue { .text(engine == .sqlite ? sqlite : postgreSQL) }
}
