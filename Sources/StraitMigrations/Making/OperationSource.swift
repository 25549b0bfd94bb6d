internal import StraitDatabase
internal import StraitModels

/// Swift source of the parts of a migration.
enum OperationSource {
    /// Returns a string literal.
    static func literal(_ text: String) -> String {
        var literal = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\n": literal += "\\n"
            case "\r": literal += "\\r"
            case "\t": literal += "\\t"
            case "\"", "\\": literal += "\\" + String(scalar)
            case _ where scalar.properties.generalCategory == .control || scalar.properties.generalCategory == .format:
                literal += "\\u{" + String(scalar.value, radix: 16) + "}"
            default: literal.unicodeScalars.append(scalar)
            }
        }
        return literal + "\""
    }

    static func list(_ texts: [String]) -> String { "[" + texts.map(literal).joined(separator: ", ") + "]" }

    /// Returns a field: `.char("slug", maxLength: 100).unique()`.
    ///
    /// - Parameter app: The app, whose models are named without it.
    static func field(_ field: MigrationField, in app: String) -> String {
        func model(_ name: String) -> String {
            literal(name.hasPrefix(app + ".") ? String(name.dropFirst(app.count + 1)) : name)
        }
        switch field.kind {
        case .link(let name, let to, let through):
            return ".manyToMany(\(literal(name)), to: \(model(to))" + (through.map { ", through: " + model($0) } ?? "")
                + ")"
        case .column(let column):
            var text = "." + constructor(column.kind) + "(" + literal(column.name)
            switch column.kind {
            case .decimal(let digits, let places): text += ", maxDigits: \(digits), decimalPlaces: \(places)"
            case .char(let length): text += ", maxLength: \(length)"
            case .slug(let length): text += length == 50 ? "" : ", maxLength: \(length)"
            case .email(let length): text += length == 254 ? "" : ", maxLength: \(length)"
            case .url(let length): text += length == 200 ? "" : ", maxLength: \(length)"
            case .file(let length), .image(let length): text += length == 100 ? "" : ", maxLength: \(length)"
            case .foreignKey, .oneToOne:
                text += ", to: \(model(field.target ?? "")), onDelete: .\(field.onDelete)"
                if column.kind == .foreignKey, !column.isIndexed { text += ", isIndexed: false" }
            default: break
            }
            return text + ")" + options(column)
        }
    }

    private static func options(_ column: ModelField) -> String {
        var text = ""
        let usual = column.kind.isReference ? column.name + "_id" : column.name
        if column.column != usual { text += ".column(\(literal(column.column)))" }
        if column.isPrimaryKey, !column.kind.isAutomatic { text += ".primaryKey()" }
        if column.isUnique { text += ".unique()" }
        if column.isIndexed, column.kind != .foreignKey { text += ".indexed()" }
        if column.isOptional { text += ".optional()" }
        if let value = column.databaseDefault { text += ".databaseDefault(\(value.source))" }
        return text
    }

    private static func constructor(_ kind: FieldKind) -> String {
        switch kind {
        case .decimal: "decimal"
        case .char: "char"
        case .slug: "slug"
        case .email: "email"
        case .url: "url"
        case .file: "file"
        case .image: "image"
        default: "\(kind)"
        }
    }

    static func index(_ index: ModelIndex) -> String {
        let columns = list(index.columns.map { ($0.isDescending ? "-" : "") + $0.column })
        return ".index(\(literal(index.name)), \(columns)\(clause(index.condition)))"
    }

    static func constraint(_ constraint: ModelConstraint) -> String {
        switch constraint.kind {
        case .unique(let columns, let condition):
            ".unique(\(literal(constraint.name)), \(list(columns))\(clause(condition)))"
        case .check(let condition): ".check(\(literal(constraint.name)), \(literal(condition)))"
        }
    }

    private static func clause(_ condition: String?) -> String { condition.map { ", where: " + literal($0) } ?? "" }
}

extension DatabaseDefault {
    /// The value as a literal in Swift.
    package var source: String {
        switch content {
        case .now: ".now"
        case .boolean(let value): "\(value)"
        case .value(.integer(let number)): "\(number)"
        case .value(.double(let number)): "\(number)"
        case .value(.text(let text)): OperationSource.literal(text)
        case .value(.null), .value(.bytes): "\"\""
        }
    }

    /// Reads a literal in Swift: a number, a text in quotes without escapes, `true`, `false` or `.now`. Returns nil for
    /// other text.
    package init?(source: String) {
        if source == ".now" {
            self = .now
        } else if let number = Int64(source) {
            self.init(integerLiteral: number)
        } else if let number = Double(source), number.isFinite {
            self.init(floatLiteral: number)
        } else if let value = Bool(source) {
            self.init(booleanLiteral: value)
        } else if source.count >= 2, source.hasPrefix("\""), source.hasSuffix("\""), !source.contains("\\") {
            self.init(stringLiteral: String(source.dropFirst().dropLast()))
        } else {
            return nil
        }
    }
}
