import StraitDatabase

/// The parts of a model's statements that are always the same, written once. The macro `@Model` stores them.
public final class ModelStatements: Sendable {
    /// The way in which a new row gets the value of a column.
    enum NewValue: Sendable {
        /// The draft's value.
        case given
        /// The draft's number, with the digits of the column.
        indirect case decimal(ModelField)
        /// The draft's value, or that of the framework or the database.
        indirect case automatic(ModelField)
    }

    let table: ModelTable
    /// The number of columns.
    let width: Int
    /// The place of the primary key among the columns.
    let keyIndex: Int
    /// The column of the primary key.
    let key: String
    /// The names of all columns in quotes.
    private let columns: [String]
    /// All columns with the name of the table, and commas between them.
    private let ownColumns: String
    private let name: TableName
    /// The clause of a statement that returns the rows that it has stored.
    let returning: String
    /// The statement that stores new rows, from the name of the table up to the values.
    private let insertion: String
    private let shortInsertion: String
    /// The ways in which the columns of a new row get their values.
    let newValues: [NewValue]

    /// Creates the statements of a table.
    public init(_ table: ModelTable) {
        self.table = table
        width = table.fields.count
        keyIndex = table.fields.firstIndex(where: \.isPrimaryKey) ?? 0
        key = table.primaryKey.column
        columns = table.columnNames.map(SQL.quoted)
        name = table.storedName
        ownColumns = Self.list(columns, of: table.name)
        returning = " RETURNING " + columns.joined(separator: ", ")
        let given = table.draftFields
        let list = given.map { SQL.quoted($0.column) }.joined(separator: ", ")
        let values = given.isEmpty ? " DEFAULT VALUES" : " (" + list + ") VALUES "
        insertion = "INSERT INTO " + SQL.quoted(table.name(for: .sqlite)) + values
        let short = "INSERT INTO " + SQL.quoted(table.name(for: .postgreSQL)) + values
        shortInsertion = name.isShort ? insertion : short
        newValues = given.map { field in
            if field.autoNow != nil || field.databaseDefault != nil { return .automatic(field) }
            if case .decimal = field.kind { return .decimal(field) }
            return .given
        }
    }

    private static func list(_ columns: [String], of table: String) -> String {
        let prefix = SQL.quoted(table) + "."
        return columns.map { prefix + $0 }.joined(separator: ", ")
    }

    /// Returns the start of a statement that stores new rows, up to their values.
    func insertion(for engine: DatabaseEngine) -> String { engine == .sqlite ? insertion : shortInsertion }

    /// Returns the name of the table in the statements of an engine.
    func name(for engine: DatabaseEngine) -> String { name.text(for: engine) }

    /// Returns all columns with the table's name in the statement, and commas between them.
    func columns(of alias: String) -> String { alias == table.name ? ownColumns : Self.list(columns, of: alias) }
}
