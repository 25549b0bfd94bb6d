package import StraitModels

/// A table as it is in a database. The lists are in the order of names, so that equal tables have equal descriptions.
package struct InspectedTable: Sendable, Hashable {
    /// A column.
    package struct Column: Sendable, Hashable {
        package var name: String
        /// The type as the database names it: `varchar(100)`.
        package var type: String
        package var isOptional = false
        package var isPrimaryKey = false
        package var isUnique = false
        package var isIndexed = false
        /// Whether a check of the column's own excludes negative numbers.
        package var isPositive = false
        /// Whether a check allows JSON only.
        package var isJSON = false
        /// Whether the database assigns the value.
        package var isAutomatic = false
        /// The default value as SQL.
        package var defaultText: String?
        /// The other table's column that the column refers to.
        package var target: Target?
    }

    /// A column of another table.
    package struct Target: Sendable, Hashable {
        package var table: String
        package var column: String
    }

    package var name: String
    package var columns: [Column] = []
    /// The lists of columns whose values together occur once, under a name that a framework or the database chose.
    package var unique: [[String]] = []
    /// The indexes, without those that belong to one column.
    package var indexes: [ModelIndex] = []
    /// The constraints with a name, and unique indexes with a condition.
    package var constraints: [ModelConstraint] = []
    /// The parts that no model can declare, in words.
    package var remarks: [String] = []

    init(_ name: String) { self.name = name }

    mutating func change(_ column: String, _ change: (inout Column) -> Void) {
        guard let index = columns.firstIndex(where: { $0.name == column }) else { return }
        change(&columns[index])
    }

    /// Adds columns whose values together occur once.
    ///
    /// - Parameter name: The name of the constraint, or nil if no person chose it.
    mutating func addUnique(_ columns: [String], name: String?, condition: String? = nil) {
        if let name {
            constraints.append(ModelConstraint(name: name, .unique(columns, condition: condition)))
        } else if let column = columns.first, columns.count == 1 {
            change(column) { $0.isUnique = true }
        } else {
            unique.append(columns)
        }
    }

    mutating func addIndex(_ index: ModelIndex) {
        if let order = index.columns.first, index.columns.count == 1, !order.isDescending, index.condition == nil,
            Self.isAutomatic(index.name)
        {
            change(order.column) { $0.isIndexed = true }
        } else {
            indexes.append(index)
        }
    }

    mutating func sort() {
        unique.sort { $0.joined(separator: "\u{1F}") < $1.joined(separator: "\u{1F}") }
        indexes.sort { $0.name < $1.name }
        constraints.sort { $0.name < $1.name }
        remarks.sort()
    }

    /// Whether the name of an index or constraint is one of those that Django and migrations choose: it ends with eight
    /// hexadecimal digits and a suffix.
    static func isAutomatic(_ name: String, suffix: String = "") -> Bool {
        guard name.hasSuffix(suffix) else { return false }
        let rest = name.utf8.dropLast(suffix.utf8.count)
        guard rest.count > 9, rest.dropLast(8).last == UInt8(ascii: "_") else { return false }
        return rest.suffix(8).allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
    }
}
