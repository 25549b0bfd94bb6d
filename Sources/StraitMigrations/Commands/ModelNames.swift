/// The names of Swift for tables and columns. They are valid, and different for different tables and columns.
struct ModelNames {
    /// The names of the types by table.
    private(set) var types: [String: String] = [:]
    /// The names of the properties by table and column, without backticks.
    private var properties: [String: [String: String]] = [:]

    init(_ tables: [InspectedTable]) {
        var used: Set<String> = []
        for table in tables {
            types[table.name] = Self.unused(Self.typeName(table.name), &used) { $0 }
            var names: Set<String> = []
            var list: [String: String] = [:]
            for column in table.columns {
                // The names in Django have to differ too.
                list[column.name] = Self.unused(Self.propertyName(column), &names, Self.snakeCase)
            }
            properties[table.name] = list
        }
    }

    /// The name of a table's type.
    func type(_ table: String) -> String { types[table] ?? Self.typeName(table) }

    /// The name of a column's property, without backticks.
    func plain(_ column: String, of table: String) -> String { properties[table]?[column] ?? "field" }

    /// The name of a column's property as code.
    func property(_ column: String, of table: String) -> String {
        let name = plain(column, of: table)
        return Self.keywords.contains(name) ? "`\(name)`" : name
    }

    /// Returns the name, or one with a number if its form is used already.
    private static func unused(_ name: String, _ used: inout Set<String>, _ form: (String) -> String) -> String {
        var (result, number) = (name, 2)
        while !used.insert(form(result)).inserted {
            result = name + "\(number)"
            number += 1
        }
        return result
    }

    /// The parts of a name that can be in an identifier.
    private static func words(_ name: String) -> [Substring] {
        name.split { letter in
            letter == "_" || !letter.unicodeScalars.allSatisfy(\.properties.isXIDContinue)
        }
    }

    /// The name of a model: `ZooAnimal` for `zoo_animal`.
    private static func typeName(_ table: String) -> String {
        let name = words(table).map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
        let isValid = name.unicodeScalars.first?.properties.isXIDStart == true && !reservedTypes.contains(name)
        return isValid ? name : "Table" + name
    }

    private static func propertyName(_ column: InspectedTable.Column) -> String {
        var name = column.name
        if column.target != nil, name.hasSuffix("_id"), name.count > 3 { name.removeLast(3) }
        let words = words(name)
        let first = words.first.map(String.init) ?? ""
        let isAllUpper = !first.contains(where: \.isLowercase)
        var result = isAllUpper ? first.lowercased() : first.prefix(1).lowercased() + first.dropFirst()
        result += words.dropFirst().map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
        let isKey = result == "id" && column.isPrimaryKey
        guard result.unicodeScalars.first?.properties.isXIDStart == true, !reserved.contains(result) || isKey else {
            return "field" + result.prefix(1).uppercased() + result.dropFirst()
        }
        return result
    }

    /// Returns a name in snake case, as `@Model` does. Adjacent capital letters form one word.
    static func snakeCase(_ name: String) -> String {
        let letters = Array(name)
        var words = ""
        for (index, letter) in letters.enumerated() {
            if letter.isUppercase, index > 0 {
                let endsCapitals = index + 1 < letters.count && letters[index + 1].isLowercase
                if !letters[index - 1].isUppercase || endsCapitals { words += "_" }
            }
            words += letter.lowercased()
        }
        return words
    }

    /// The properties that `@Model` declares or that have another meaning.
    private static let reserved: Set<String> = [
        "id", "table", "modelName", "fieldValues", "joinPath", "objects", "options", "statements", "self", "init",
    ]

    /// The types in the source of models and in the expansion of `@Model`.
    private static let reservedTypes: Set<String> = [
        "Any", "AutomaticValue", "Bool", "Bytes", "Column", "Columns", "Condition", "DatabaseConvertible",
        "DatabaseDefault", "DatabaseError", "DatabaseRow", "Date", "Decimal", "Double", "Draft", "Duration", "Error",
        "FieldOption", "ForeignKeyColumn", "ID", "Int", "Int16", "Int32", "JSONValue", "JoinPath", "LayerValue",
        "Links",
        "LinksColumn", "Model", "ModelColumns", "ModelDraft", "ModelField", "ModelID", "ModelLink", "ModelName",
        "ModelOption", "ModelStatements", "ModelTable", "Optional", "OptionalForeignKeyColumn", "Order", "Owner",
        "PlainDate",
        "PlainTime", "Protocol", "Self", "Sendable", "StoredJSON", "Strait", "String", "Swift", "Type", "UUID",
    ]

    private static let keywords: Set<String> = [
        "as", "associatedtype", "borrowing", "break", "case", "catch", "class", "consuming", "continue", "default",
        "defer", "deinit", "do", "else", "enum", "extension", "fallthrough", "false", "fileprivate", "for", "func",
        "guard", "if", "import", "in", "inout", "internal", "is", "let", "nil", "operator", "precedencegroup",
        "private", "protocol", "public", "repeat", "rethrows", "return", "static", "struct", "subscript", "super",
        "switch", "throw", "throws", "true", "try", "typealias", "var", "where", "while",
    ]
}
