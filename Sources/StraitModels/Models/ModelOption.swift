internal import StraitCore
internal import StraitCrypto

/// An option of a model; Django's `class Meta`.
///
/// ```swift
/// @Model struct Photo {
///     var caption: String
///     @ForeignKey(onDelete: .cascade) var owner: User.ID
///     @AutoNowAdd var createdAt: Date
///
///     static let options: [ModelOption<Photo>] = [
///         .ordering { [$0.createdAt.descending] },
///         .unique("one_caption_per_owner") { [$0.owner, $0.caption] },
///         .index { [$0.createdAt.descending] },
///     ]
/// }
/// ```
public struct ModelOption<M: Model>: Sendable {
    let apply: @Sendable (inout ModelTable) -> Void

    private init(_ apply: @escaping @Sendable (inout ModelTable) -> Void) { self.apply = apply }

    private static var columns: M.Columns { M.Columns(path: JoinPath()) }

    /// The order of queries that have none; Django's `ordering`.
    public static func ordering(_ orders: @escaping @Sendable (M.Columns) -> [Order]) -> ModelOption {
        ModelOption { table in
            table.ordering = table.orders(orders(columns), of: "ordering")
        }
    }

    /// An index; Django's `Index`.
    ///
    /// - Parameters:
    ///   - name: The name in the database, or nil for Django's: `gallery_pho_created_af1b3c_idx`.
    ///   - condition: The condition of the rows that are in the index, or nil for all rows.
    ///   - orders: The columns in order.
    public static func index(
        _ name: String? = nil, where condition: (@Sendable (M.Columns) -> Condition)? = nil,
        _ orders: @escaping @Sendable (M.Columns) -> [any ColumnSort]
    ) -> ModelOption {
        ModelOption { table in
            let list = table.orders(orders(columns).map(\.order), of: "index")
            table.indexes.append(
                ModelIndex(
                    name: name ?? ModelIndex.defaultName(table: table.name, list), columns: list,
                    condition: table.text(of: condition?(columns), in: "index")))
        }
    }

    /// A list of columns whose combination of values is unique; Django's `UniqueConstraint`.
    ///
    /// - Parameters:
    ///   - name: The name in the database.
    ///   - condition: The condition of the rows that count, or nil for all rows.
    ///   - list: The columns.
    public static func unique(
        _ name: String, where condition: (@Sendable (M.Columns) -> Condition)? = nil,
        _ list: @escaping @Sendable (M.Columns) -> [any Expression]
    ) -> ModelOption {
        ModelOption { table in
            let names = table.names(list(columns), of: "unique")
            table.constraints.append(
                ModelConstraint(
                    name: name, .unique(names, condition: table.text(of: condition?(columns), in: "unique"))))
        }
    }

    /// A list of columns whose combination of values is unique, named as Django does; its `unique_together`.
    public static func uniqueTogether(_ list: @escaping @Sendable (M.Columns) -> [any Expression]) -> ModelOption {
        ModelOption { table in
            table.uniqueTogether.append(table.names(list(columns), of: "uniqueTogether"))
        }
    }

    /// A condition that each row satisfies; Django's `CheckConstraint`.
    public static func check(
        _ name: String, _ condition: @escaping @Sendable (M.Columns) -> Condition
    ) -> ModelOption {
        ModelOption { table in
            let text = table.text(of: condition(columns), in: "check") ?? ""
            table.constraints.append(ModelConstraint(name: name, .check(text)))
        }
    }

    /// The names of one row and of several for people; Django's `verbose_name` and `verbose_name_plural`.
    public static func verboseName(_ one: String, plural: String? = nil) -> ModelOption {
        ModelOption { table in
            table.verboseName = one
            table.verboseNamePlural = plural ?? one + "s"
        }
    }

    /// A table that another program creates and changes; Django's `managed = False`.
    public static var unmanaged: ModelOption {
        ModelOption { $0.isManaged = false }
    }
}

extension ModelTable {
    /// Returns the text of an option's condition, or nil without one. A mistake in it is one of the model.
    fileprivate mutating func text(of condition: Condition?, in option: String) -> String? {
        guard let (text, mistake) = condition?.schemaText else { return nil }
        switch mistake {
        case .foreignColumn(let column):
            optionMistakes.append(
                "The condition of the option .\(option) has the column \(column) of another model, which a database "
                    + "cannot check. Use columns of the model itself.")
        case .some(let mistake):
            optionMistakes.append("The condition of the option .\(option) cannot be stored: \(mistake)")
        case nil: break
        }
        return text
    }

    /// Returns the names of the columns that an option names. Anything else is a mistake.
    fileprivate mutating func names(_ expressions: [any Expression], of option: String) -> [String] {
        orders(expressions.map(\.order), of: option).map(\.column)
    }

    /// Returns the orders by columns that an option names. Anything else is a mistake.
    fileprivate mutating func orders(_ orders: [Order], of option: String) -> [ColumnOrder] {
        var list: [ColumnOrder] = []
        for order in orders {
            if let name = order.node.columnName, order.nulls == nil {
                list.append(ColumnOrder(name, isDescending: order.isDescending))
            } else {
                optionMistakes.append(
                    "The option .\(option) takes columns of the model itself, such as `$0.name`. Remove "
                        + "calculations, columns of other models and `nulls:`.")
            }
        }
        return list
    }
}

extension ModelIndex {
    /// Django's name for an index without one: parts of the names of the table and the first column, and a hash.
    package static func defaultName(table: String, _ columns: [ColumnOrder]) -> String {
        let parts = [table] + columns.map { ($0.isDescending ? "-" : "") + $0.column } + ["idx"]
        let hash = NameDigest.of(parts, length: 6)
        let name = "\(table.prefix(11))_\(columns.first?.column.prefix(7) ?? "")_\(hash)_idx"
        guard let first = name.utf8.first, first == 0x5F || (0x30...0x39).contains(first) else { return name }
        return "D" + name.dropFirst()
    }
}

/// Django's hash for names of indexes and constraints: the start of the MD5 of all parts.
package enum NameDigest {
    /// Returns the first `length` hexadecimal digits.
    package static func of(_ parts: [String], length: Int) -> String {
        String(MD5.hash(Array(parts.joined().utf8).span).hexadecimal.prefix(length))
    }
}
