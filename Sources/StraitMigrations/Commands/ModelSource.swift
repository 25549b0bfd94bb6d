package import StraitDatabase
internal import StraitModels

/// Writes Swift models of the tables of a database; Django's `inspectdb`.
package struct ModelSource {
    private let tables: [InspectedTable]
    private let shown: Set<String>?
    private let engine: DatabaseEngine
    private let names: ModelNames

    /// Creates the source of models.
    ///
    /// - Parameters:
    ///   - tables: All tables, because a foreign key tells the type of the key that it refers to.
    ///   - shown: The names of the tables to write, or nil for all.
    ///   - engine: The engine of the database.
    package init(_ tables: [InspectedTable], shown: Set<String>? = nil, engine: DatabaseEngine) {
        self.tables = tables
        self.shown = shown
        self.engine = engine
        names = ModelNames(tables)
    }

    /// The text of a Swift file.
    package var text: String {
        let shownTables = tables.filter { shown?.contains($0.name) ?? true }
        let types = Set(shownTables.flatMap(\.columns).map { ValueType($0, engine).name })
        let isPlain = types.isDisjoint(with: ["Date", "Decimal", "UUID"])
        return (isPlain ? "" : "import Foundation\n") + "import Strait\n\n"
            + shownTables.map(model).joined(separator: "\n\n") + "\n"
    }

    /// The primary key, or nil if it has several columns or none.
    private func key(of table: InspectedTable) -> InspectedTable.Column? {
        let keys = table.columns.filter(\.isPrimaryKey)
        return keys.count == 1 ? keys[0] : nil
    }

    /// The column that `@Model` declares by itself, if the table has one.
    private func automaticKey(of table: InspectedTable) -> InspectedTable.Column? {
        guard let key = key(of: table), key.name == "id", key.isAutomatic, key.target == nil else { return nil }
        return ["smallint", "integer", "bigint"].contains(key.type) ? key : nil
    }

    /// The other table of a foreign key, if a model can refer to it.
    private func target(of column: InspectedTable.Column) -> InspectedTable? {
        guard let target = column.target, let table = tables.first(where: { $0.name == target.table }),
            key(of: table)?.name == target.column
        else { return nil }
        return table
    }

    private func model(_ table: InspectedTable) -> String {
        guard let key = key(of: table) else {
            return "// The table \(table.name) has no primary key of one column, which a model needs."
        }
        let automatic = automaticKey(of: table)
        var remarks = table.remarks
        if automatic == nil, key.isAutomatic, key.target == nil {
            remarks.append("The database assigns \(key.name), which a model has to give.")
        }
        var properties: [String] = []
        for column in table.columns where column.name != automatic?.name {
            properties.append("    " + property(column, of: table, &remarks))
        }
        let options = options(of: table, &remarks)
        let type = names.type(table.name)
        var arguments = ["table: \(OperationSource.literal(table.name))"]
        if let automatic { arguments += idArguments(automatic, of: table) }
        var lines = remarks.map { "// " + $0.split(whereSeparator: \.isNewline).joined(separator: " ") }
        lines += ["@Model(\(arguments.joined(separator: ", ")))", "struct \(type) {"] + properties
        if !options.isEmpty {
            if !properties.isEmpty { lines.append("") }
            lines += ["    static let options: [ModelOption<\(type)>] = ["]
            // A list of one element on one line has no comma at its end.
            let list = options.flatMap(\.lines)
            lines += (list.count == 1 ? [String(list[0].dropLast())] : list) + ["    ]"]
        }
        return (lines + ["}"]).joined(separator: "\n")
    }

    /// The arguments for the kind of the automatic primary key. In SQLite, only the foreign keys to it have its type.
    private func idArguments(_ key: InspectedTable.Column, of table: InspectedTable) -> [String] {
        let target = InspectedTable.Target(table: table.name, column: key.name)
        let types =
            engine == .postgreSQL ? [key.type] : tables.flatMap(\.columns).filter { $0.target == target }.map(\.type)
        if types.contains("bigint") { return [] }
        if types.contains("integer") { return ["id: .auto"] }
        return types.contains("smallint") ? ["id: .smallAuto"] : []
    }

    // MARK: Properties

    private func property(
        _ column: InspectedTable.Column, of table: InspectedTable, _ remarks: inout [String]
    ) -> String {
        var attributes: [String] = []
        let target = target(of: column)
        let usual = ModelNames.snakeCase(names.plain(column.name, of: table.name)) + (target == nil ? "" : "_id")
        if usual != column.name { attributes.append("@Column(\(OperationSource.literal(column.name)))") }
        if column.isPrimaryKey { attributes.append("@PrimaryKey") }
        var type: String
        if let target {
            // As in Django, the database has no rule of its own.
            if column.isUnique || column.isPrimaryKey {
                attributes.append("@OneToOne(onDelete: .doNothing)")
            } else {
                attributes.append("@ForeignKey(onDelete: .doNothing\(column.isIndexed ? "" : ", isIndexed: false"))")
            }
            type = names.type(target.name) + ".ID"
            if let text = column.defaultText { remarks.append("The default value of \(column.name) is \(text).") }
        } else {
            let value = ValueType(column, engine)
            type = value.name
            attributes += value.attributes
            if !value.isExact { remarks.append("The type of \(column.name) is a guess: it is \(column.type).") }
            if let other = column.target {
                remarks.append("The column \(column.name) refers to \(other.table).\(other.column).")
            }
            if column.isUnique { attributes.append("@Unique") }
            if column.isIndexed { attributes.append("@Indexed") }
            if let text = column.defaultText {
                if let literal = DefaultSource.literal(text, type: type) {
                    attributes.append("@DatabaseDefault(\(literal))")
                } else {
                    remarks.append("The default value of \(column.name) is \(text).")
                }
            }
        }
        if column.isOptional { type += "?" }
        let name = names.property(column.name, of: table.name)
        return (attributes + ["var \(name): \(type)"]).joined(separator: " ")
    }

    // MARK: Options

    /// An option of a model, on one line if it fits.
    private struct Option {
        var name: String
        var arguments: [String] = []
        let columns: String

        var lines: [String] {
            let space = String(repeating: " ", count: 8)
            let list = arguments.isEmpty ? "" : "(\(arguments.joined(separator: ", ")))"
            let line = "\(space).\(name)\(list) { \(columns) },"
            if line.count <= 120 { return [line] }
            return ["\(space).\(name)\(list) {", "\(space)    \(columns)", "\(space)},"]
        }
    }

    private func options(of table: InspectedTable, _ remarks: inout [String]) -> [Option] {
        let source = conditions(of: table)
        func list(_ columns: [String]) -> String {
            "[" + columns.map { "$0." + property($0, table) }.joined(separator: ", ") + "]"
        }
        func condition(_ text: String?, _ owner: String, _ remarks: inout [String]) -> [String]? {
            guard let text else { return [] }
            guard let condition = source.text(text) else {
                remarks.append("\(owner) has the condition: \(text)")
                return nil
            }
            return ["where: { \(condition) }"]
        }
        var options = table.unique.map { Option(name: "uniqueTogether", columns: list($0)) }
        for index in table.indexes {
            guard let clause = condition(index.condition, "The index \(index.name)", &remarks) else { continue }
            let isUsual = index.name == ModelIndex.defaultName(table: table.name, index.columns)
            let columns = index.columns.map {
                "$0.\(property($0.column, table))\($0.isDescending ? ".descending" : "")"
            }
            options.append(
                Option(
                    name: "index", arguments: (isUsual ? [] : [OperationSource.literal(index.name)]) + clause,
                    columns: "[\(columns.joined(separator: ", "))]"))
        }
        for constraint in table.constraints {
            let name = OperationSource.literal(constraint.name)
            switch constraint.kind {
            case .unique(let columns, let text):
                guard let clause = condition(text, "The unique index \(constraint.name)", &remarks) else { continue }
                options.append(Option(name: "unique", arguments: [name] + clause, columns: list(columns)))
            case .check(let text):
                guard let condition = source.text(text) else {
                    remarks.append("The check \(constraint.name) has the condition: \(text)")
                    continue
                }
                options.append(Option(name: "check", arguments: [name], columns: condition))
            }
        }
        return options
    }

    private func property(_ column: String, _ table: InspectedTable) -> String {
        automaticKey(of: table)?.name == column ? "id" : names.property(column, of: table.name)
    }

    private func conditions(of table: InspectedTable) -> ConditionSource {
        ConditionSource(
            properties: Dictionary(
                table.columns.map { column in
                    let isReference = target(of: column) != nil || automaticKey(of: table)?.name == column.name
                    let type = isReference ? "ID" : ValueType(column, engine).name
                    return (
                        column.name,
                        .init(name: property(column.name, table), type: type, isOptional: column.isOptional)
                    )
                }, uniquingKeysWith: { first, _ in first }))
    }
}

/// The Swift type of a column without a foreign key.
private struct ValueType {
    var name: String
    var attributes: [String] = []
    /// Whether a model with this type has a column of the same type.
    var isExact = true

    init(_ column: InspectedTable.Column, _ engine: DatabaseEngine) {
        let type = column.type
        let numbers = type.split { !$0.isNumber }.compactMap { Int($0) }
        let positive = column.isPositive ? ["@Positive"] : []
        switch type.prefix(while: { $0 != "(" }).trimmingSuffix(" ") {
        case "smallint", "smallint unsigned": (name, attributes) = ("Int16", positive)
        case "integer", "integer unsigned": (name, attributes) = ("Int32", positive)
        case "bigint", "bigint unsigned": (name, attributes) = ("Int", positive)
        case "bool", "boolean": name = "Bool"
        case "real" where engine == .sqlite, "double precision": name = "Double"
        case "decimal" where engine == .sqlite && numbers.isEmpty:
            // SQLite does not store the numbers of digits.
            let places = column.defaultText.flatMap(DefaultSource.places) ?? 5
            (name, attributes) = ("Decimal", ["@Digits(10, places: \(places))"])
        case "decimal", "numeric":
            let (digits, places) = (numbers.first ?? 10, numbers.count > 1 ? numbers[1] : numbers.isEmpty ? 5 : 0)
            (name, attributes) = ("Decimal", ["@Digits(\(digits), places: \(places))"])
            isExact = engine == .postgreSQL && !numbers.isEmpty
        case "varchar", "character varying":
            (name, attributes) = ("String", numbers.first.map { ["@MaxLength(\($0))"] } ?? [])
            isExact = !numbers.isEmpty
        case "char" where engine == .sqlite && numbers == [32], "uuid": name = "UUID"
        case "datetime", "timestamp with time zone": name = "Date"
        case "timestamp without time zone", "timestamp": (name, isExact) = ("Date", false)
        case "date": name = "PlainDate"
        case "time", "time without time zone": name = "PlainTime"
        case "interval": name = "Duration"
        case "blob", "bytea": name = "Bytes"
        case "jsonb": (name, attributes) = ("JSONValue", ["@JSON"])
        case "json": (name, attributes, isExact) = ("JSONValue", ["@JSON"], false)
        case "text": (name, attributes) = column.isJSON ? ("JSONValue", ["@JSON"]) : ("String", [])
        case "int": (name, isExact) = ("Int32", false)
        case "real", "float": (name, isExact) = ("Double", false)
        default: (name, isExact) = ("String", false)
        }
        // A type of SQLite that only excludes negative numbers with its check.
        if type.hasSuffix("unsigned"), !column.isPositive { isExact = false }
    }
}

extension Substring {
    fileprivate func trimmingSuffix(_ suffix: String) -> String {
        hasSuffix(suffix) ? String(dropLast(suffix.count)) : String(self)
    }
}
