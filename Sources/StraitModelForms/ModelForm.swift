public import StraitForms
public import StraitHTTP
public import StraitModels

/// A form for the fields of a model, with Django's validation, markup and errors. Django's `ModelForm`.
///
/// ```swift
/// path("new/") { request in
///     let form = try await ModelForm<Photo>(request, in: database) { [$0.caption, $0.slug] }
///     if let photo = try await form.save(in: database, { [$0.owner.set(to: user.id)] }) {
///         return .redirect(to: "/photos/\(photo.id)/")
///     }
///     return .html(page(form.asDiv), status: form.status)
/// }
/// ```
///
/// Names of inputs are Django's: `created_at` for `createdAt`. Fields of files are left out: store the file, and pass
/// its name to ``save(in:_:)``.
open class ModelForm<M: Model>: Form {
    /// The row that the form changes, or nil for a new row.
    public private(set) var instance: M?
    private var entries: [ModelFormEntry] = []

    /// Creates a form without fields. Use the initializers with a request or with data.
    public required init(prefix: String? = nil) { super.init(prefix: prefix) }

    /// Creates a form from a request. For a safe method, such as the `GET` of its page, the form is not submitted.
    ///
    /// - Parameters:
    ///   - request: The request.
    ///   - instance: The row to change, or nil for a new row.
    ///   - prefix: The prefix of the inputs' names.
    ///   - database: The database, which has the choices of foreign keys and the values of unique fields.
    ///   - columns: The fields of the form, or nil for all that are editable.
    /// - Throws: ``/StraitForms/FormError`` if the body is not a form, or exceeds a limit;
    ///   ``/StraitDatabase/DatabaseError``.
    public convenience init(
        _ request: Request, instance: M? = nil, prefix: String? = nil, in database: Database,
        only columns: ((M.Columns) -> [any Expression])? = nil
    ) async throws {
        self.init(prefix: prefix)
        try await addFields(instance, columns, database)
        guard !request.method.isSafe else { return }
        try await bind(try await request.form(limits: request.formLimits), in: database)
    }

    /// Creates a form from submitted data, or an empty form.
    ///
    /// - Parameters:
    ///   - data: The submitted data, or nil for a form that is not submitted.
    ///   - instance: The row to change, or nil for a new row.
    ///   - prefix: The prefix of the inputs' names.
    ///   - database: The database, which has the choices of foreign keys and the values of unique fields.
    ///   - columns: The fields of the form, or nil for all that are editable.
    /// - Throws: ``/StraitDatabase/DatabaseError``.
    public convenience init(
        _ data: FormData?, instance: M? = nil, prefix: String? = nil, in database: Database,
        only columns: ((M.Columns) -> [any Expression])? = nil
    ) async throws {
        self.init(prefix: prefix)
        try await addFields(instance, columns, database)
        if let data { try await bind(data, in: database) }
    }

    private func addFields(
        _ instance: M?, _ columns: ((M.Columns) -> [any Expression])?, _ database: Database
    ) async throws {
        self.instance = instance
        let names = columns.map { $0(M.Columns(path: JoinPath())).compactMap { $0.columnName } }
        let values = instance?.fieldValues
        for (index, field) in M.table.fields.enumerated() {
            guard field.isEditable, names?.contains(field.column) ?? true, ModelFormEntry.has(field) else { continue }
            let value = try values?[index].databaseValue(for: .sqlite) ?? field.initialValue
            let choices = try await field.reference?.choices?(database)
            let entry = ModelFormEntry(field, initial: value, rows: choices)
            entries.append(entry)
            add(entry.input, named: field.name)
        }
    }

    /// Gives the form its submitted data, and compares unique fields with the stored rows.
    private func bind(_ data: FormData, in database: Database) async throws {
        bind(data)
        for unique in uniqueLists {
            let chosen = unique.compactMap { column in entries.first { $0.field.column == column } }
            // A list with a field that is not in the form, or that is empty, is left to the database.
            guard chosen.count == unique.count, chosen.allSatisfy({ $0.input.errors.isEmpty && !$0.isEmpty })
            else { continue }
            var sql: SQL = "SELECT 1 FROM \(identifier: M.table.name) WHERE "
            for (index, entry) in chosen.enumerated() {
                if index > 0 { sql.append(" AND ") }
                sql.append("\(identifier: entry.field.column) = " as SQL)
                sql.append(value: entry.value)
            }
            if let instance { sql.append(" AND \(identifier: M.table.primaryKey.column) <> \(instance.id)" as SQL) }
            sql.append(" LIMIT 1")
            let others = try await database.query(sql) { row throws(DatabaseError) in row.count }
            if !others.isEmpty { addUniqueError(chosen.map(\.field)) }
        }
    }

    /// The lists of columns whose values may occur once, as Django checks them before it stores a row.
    private var uniqueLists: [[String]] {
        let table = M.table
        let constraints = table.constraints.compactMap { constraint -> [String]? in
            if case .unique(let columns, condition: nil) = constraint.kind { return columns }
            return nil
        }
        return table.fields.filter(\.hasUniqueValues).map { [$0.column] } + table.uniqueTogether + constraints
    }

    /// Adds Django's error for values that another row has: beside the field, or above the form for several fields.
    private func addUniqueError(_ fields: [ModelField]) {
        let model = M.table.verboseName.capitalizedFirst
        if fields.count == 1, let entry = entries.first(where: { $0.field == fields[0] }) {
            let name = fields[0].verboseName.capitalizedFirst
            return addError("\(model) with this \(name) already exists.", code: "unique", to: entry.input)
        }
        let names = fields.map(\.verboseName.capitalizedFirst)
        let list = names.dropLast().joined(separator: ", ") + (names.count > 1 ? " and " : "") + (names.last ?? "")
        addError("\(model) with this \(list) already exists.", code: "unique_together")
    }

    /// Stores the row if the form is valid, and returns it. A new row gets the form's values; of an existing row, only
    /// the form's fields change.
    ///
    /// If another request has stored the same unique values meanwhile, the form gets the error.
    ///
    /// - Parameters:
    ///   - database: The database.
    ///   - others: Values of fields that are not in the form.
    /// - Returns: The stored row, or nil if the form was not submitted or has errors.
    /// - Throws: ``/StraitDatabase/DatabaseError`` for other errors than of unique fields; `CancellationError`.
    public func save(
        in database: Database, _ others: (M.Columns) -> [Assignment<M>] = { _ in [] }
    ) async throws -> M? {
        guard isValid else { return nil }
        let columns = M.Columns(path: JoinPath())
        do {
            return try await database.store(entries.map { ($0.field, $0.value) }, others(columns), in: instance)
        } catch let error as DatabaseError where error.code == .unique {
            let fields = M.table.fields.filter { error.columns.contains($0.column) }
            guard !fields.isEmpty else { throw error }
            addUniqueError(fields)
            return nil
        }
    }
}

extension String {
    /// The text with a capital first letter; Django's `capfirst`.
    var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
