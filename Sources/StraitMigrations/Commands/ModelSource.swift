internal import StraitModels

/// Writes Swift models of the tables of a database; Django's `inspectdb`.
package struct ModelSource {
    private let tables: [InspectedTable]

    package init(_ tables: [InspectedTable]) {
        self.tables = tables
    }

    /// The text of a Swift file.
    package var text: String {
        "import Strait\n\n" + tables.map(model).joined(separator: "\n\n") + "\n"
    }

    /// The name of a model: `ZooAnimal` for `zoo_animal`.
    private func typeName(_ table: String) -> String {
        let words = table.split { !$0.isLetter && !$0.isNumber }
        let name = words.map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
        return name.first?.isNumber == false ? name : "Table" + name
    }

    private func model(_ table: InspectedTable) -> String {
        let key = table.columns.first(where: \.isPrimaryKey)
        let hasUsualKey = key?.isAutomatic == true && key?.name == "id"
        var options = ["table: \(OperationSource.literal(table.name))"]
        if hasUsualKey, let type = key?.type {
            if type == "smallint" {
                options.append("id: .smallAuto")
            } else if type == "integer", isPostgres(table) {
                options.append("id: .auto")
            }
        }
        var lines = ["@Model(\(options.joined(separator: ", ")))", "struct \(typeName(table.name)) {"]
        for column in table.columns where !(hasUsualKey && column.isPrimaryKey) {
            lines.append("    " + property(column))
        }
        var list: [String] = []
        func names(_ columns: [String]) -> String {
            "["
                + columns.map { name in
                    "$0." + propertyName(table.columns.first { $0.name == name } ?? .init(name: name, type: ""))
                }.joined(separator: ", ") + "]"
        }
        list += table.unique.map { ".uniqueTogether { \(names($0)) }," }
        list += table.indexes.map { ".index { \(names($0)) }," }
        if !list.isEmpty {
            lines += ["", "    static let options: [ModelOption<\(typeName(table.name))>] = ["]
            lines += list.map { "        " + $0 } + ["    ]"]
        }
        return (lines + ["}"]).joined(separator: "\n")
    }

    /// Whether the types are PostgreSQL's: SQLite has no `bigint` for automatic keys, so it cannot tell them apart.
    private func isPostgres(_ table: InspectedTable) -> Bool {
        tables.contains {
            $0.columns.contains { $0.isAutomatic && $0.type == "bigint" || $0.type.contains("character") }
        }
    }

    private func propertyName(_ column: InspectedTable.Column) -> String {
        var name = column.name
        if column.target != nil, name.hasSuffix("_id"), name.count > 3 { name.removeLast(3) }
        let words = name.split { !$0.isLetter && !$0.isNumber }
        var result =
            (words.first.map { $0.lowercased() } ?? "")
            + words.dropFirst().map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
        if result.first?.isNumber != false { result = "field" + result }
        return Self.keywords.contains(result) ? "`\(result)`" : result
    }

    private static let keywords: Set<String> = [
        "as", "associatedtype", "break", "case", "catch", "class", "continue", "default", "defer", "do", "else", "enum",
        "extension", "false", "for", "func", "guard", "if", "import", "in", "init", "inout", "internal", "is", "let",
        "nil", "operator", "private", "protocol", "public", "repeat", "return", "self", "static", "struct", "subscript",
        "super", "switch", "throw", "true", "try", "typealias", "var", "where", "while",
    ]

    private func property(_ column: InspectedTable.Column) -> String {
        var attributes: [String] = []
        let name = propertyName(column)
        let bare = name.filter { $0 != "`" }
        if Self.snakeCase(bare) + (column.target == nil ? "" : "_id") != column.name {
            attributes.append("@Column(\(OperationSource.literal(column.name)))")
        }
        if column.isPrimaryKey { attributes.append("@PrimaryKey") }
        var type: String
        if let target = column.target {
            // As in Django, the database has no rule of its own.
            if column.isUnique {
                attributes.append("@OneToOne(onDelete: .doNothing)")
            } else {
                attributes.append("@ForeignKey(onDelete: .doNothing\(column.isIndexed ? "" : ", isIndexed: false"))")
            }
            type = typeName(target) + ".ID"
        } else {
            let (kind, options) = Self.type(column)
            type = kind
            attributes += options
            if column.isUnique { attributes.append("@Unique") }
            if column.isIndexed { attributes.append("@Indexed") }
        }
        if column.isOptional { type += "?" }
        return (attributes + ["var \(name): \(type)"]).joined(separator: " ")
    }

    private static func snakeCase(_ name: String) -> String {
        name.reduce(into: "") { text, letter in text += letter.isUppercase ? "_" + letter.lowercased() : String(letter)
        }
    }

    /// Returns the Swift type of a column, and attributes.
    private static func type(_ column: InspectedTable.Column) -> (String, [String]) {
        let base = String(column.type.prefix { $0 != "(" }).trimmingSuffix(" ")
        let numbers = column.type.split { !$0.isNumber }.compactMap { Int($0) }
        let positive = column.isPositive || base.hasSuffix("unsigned") ? ["@Positive"] : []
        switch base.replacing(" unsigned", with: "") {
        case "smallint": return ("Int16", positive)
        case "integer", "int": return ("Int32", positive)
        case "bigint": return ("Int", positive)
        case "bool", "boolean": return ("Bool", [])
        case "real", "double precision", "float": return ("Double", [])
        case "decimal", "numeric":
            return (
                "Decimal",
                ["@Digits(\(numbers.first ?? 10), places: \(numbers.dropFirst().first ?? (numbers.isEmpty ? 5 : 0)))"]
            )
        case "varchar", "character varying": return ("String", numbers.first.map { ["@MaxLength(\($0))"] } ?? [])
        case "char" where numbers == [32]: return ("UUID", [])
        case "uuid": return ("UUID", [])
        case "datetime", "timestamp with time zone", "timestamp": return ("Date", [])
        case "date": return ("PlainDate", [])
        case "time", "time without time zone": return ("PlainTime", [])
        case "interval": return ("Duration", [])
        case "blob", "bytea": return ("Bytes", [])
        case "jsonb", "json": return ("[String: String]", ["@JSON"])
        default: return column.isJSON ? ("[String: String]", ["@JSON"]) : ("String", [])
        }
    }
}

extension String {
    fileprivate func trimmingSuffix(_ suffix: String) -> String {
        hasSuffix(suffix) ? String(dropLast(suffix.count)) : self
    }
}
