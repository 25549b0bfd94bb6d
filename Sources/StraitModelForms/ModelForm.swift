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
/// Names of inputs are Django's: `created_at` for `createdAt`. A foreign key is a choice of the other model's rows, and
/// a many-to-many field a choice of any number of them; the label of a row is its `description`.
///
/// A field of a file or an image is an upload, which the form checks but does not store. Store the file, and pass its
/// name to ``save(in:_:)``, which throws ``ModelFormError/noStorage(_:)`` otherwise:
///
/// ```swift
/// if form.isValid, let file = form.upload({ $0.file }) {
///     let name = try await request.media.save(file, as: "photos/\(MediaName.valid(file.filename))")
///     photo = try await form.save(in: database) { [$0.file.set(to: StoredFile(name))] }
/// }
/// ```
open class ModelForm<M: Model>: Form {
    /// The row that the form changes, or nil for a new row.
    public private(set) var instance: M?
    private var entries: [ModelFormEntry] = []
    private var links: [ModelFormLinks] = []

    /// Creates a form without fields. Use the initializers with a request or with data.
    public required init(prefix: String? = nil) { super.init(prefix: prefix) }

    /// Creates a form from a request. For a safe method, such as the `GET` of its page, the form is not submitted.
    ///
    /// - Parameters:
    ///   - request: The request.
    ///   - instance: The row to change, or nil for a new row.
    ///   - prefix: The prefix of the inputs' names.
    ///   - mediaURL: The prefix of the URLs of stored files, `MEDIA_URL`.
    ///   - database: The database, which has the choices of foreign keys and the values of unique fields.
    ///   - columns: The fields of the form in their order, or nil for all that are editable.
    /// - Throws: ``/StraitForms/FormError`` if the body is not a form, or exceeds a limit; ``ModelFormError``;
    ///   ``/StraitDatabase/DatabaseError``.
    public convenience init(
        _ request: Request, instance: M? = nil, prefix: String? = nil, mediaURL: String = "/media/",
        in database: Database, only columns: ((M.Columns) -> [any FormColumn])? = nil
    ) async throws {
        self.init(prefix: prefix)
        try await addFields(instance, columns, mediaURL, database)
        guard !request.method.isSafe else { return }
        try await bind(try await request.form(limits: ownLimits(request)), in: database)
    }

    /// Creates a form from submitted data, or an empty form.
    ///
    /// - Parameters:
    ///   - data: The submitted data, or nil for a form that is not submitted.
    ///   - instance: The row to change, or nil for a new row.
    ///   - prefix: The prefix of the inputs' names.
    ///   - mediaURL: The prefix of the URLs of stored files, `MEDIA_URL`.
    ///   - database: The database, which has the choices of foreign keys and the values of unique fields.
    ///   - columns: The fields of the form in their order, or nil for all that are editable.
    /// - Throws: ``ModelFormError``; ``/StraitDatabase/DatabaseError``.
    public convenience init(
        _ data: FormData?, instance: M? = nil, prefix: String? = nil, mediaURL: String = "/media/",
        in database: Database, only columns: ((M.Columns) -> [any FormColumn])? = nil
    ) async throws {
        self.init(prefix: prefix)
        try await addFields(instance, columns, mediaURL, database)
        if let data { try await bind(data, in: database) }
    }

    private func addFields(
        _ instance: M?, _ columns: ((M.Columns) -> [any FormColumn])?, _ mediaURL: String, _ database: Database
    ) async throws {
        self.instance = instance
        let table = M.table
        guard let columns else {
            // In the order of declaration, as in Django.
            let declared = table.fields.filter { !($0.isPrimaryKey && $0.kind.isAutomatic) }
            var links = table.links.filter(\.isEditable)[...]
            for (place, field) in declared.enumerated() {
                while let link = links.first, link.place <= place {
                    try await add(link, database)
                    links.removeFirst()
                }
                if ModelFormEntry.has(field) { try await add(field, mediaURL, database) }
            }
            for link in links { try await add(link, database) }
            return
        }
        for column in columns(M.Columns(path: JoinPath())) {
            guard let name = column.fieldName else { throw ModelFormError.noField("\(M.self)") }
            if let field = table.fields.first(where: { $0.column == name.column }) {
                guard ModelFormEntry.has(field) else { throw ModelFormError.notEditable(field.property) }
                if !entries.contains(where: { $0.field == field }) { try await add(field, mediaURL, database) }
            } else if let link = table.links.first(where: { $0.name == name.link }) {
                guard link.isEditable else { throw ModelFormError.notEditable(link.property) }
                if !links.contains(where: { $0.link.name == link.name }) { try await add(link, database) }
            } else {
                throw ModelFormError.noField("\(M.self)")
            }
        }
    }

    private func add(_ field: ModelField, _ mediaURL: String, _ database: Database) async throws {
        let index = M.table.fields.firstIndex(of: field)
        let current = instance.flatMap { row in index.map { row.fieldValues[$0] } }
        let rows = try await field.reference?.choices?(database)
        let entry = try ModelFormEntry(field, current: current, rows: rows, mediaURL: mediaURL)
        entries.append(entry)
        add(entry.input, named: field.name)
    }

    private func add(_ link: ModelLink, _ database: Database) async throws {
        let link = link.placed(in: M.modelName)
        let rows = try await link.target.choices?(database) ?? []
        let chosen: [any DatabaseConvertible] =
            if let instance { try await link.target.links?(link, instance.id).ids(in: database) ?? [] } else { [] }
        let entry = ModelFormLinks(link, rows: rows, chosen: chosen)
        links.append(entry)
        add(entry.input, named: link.name)
    }

    /// Returns the submitted file of a field; nil if none was chosen, or if the form has no such upload.
    public func upload(_ column: (M.Columns) -> any FormColumn) -> UploadedFile? {
        let name = column(M.Columns(path: JoinPath())).fieldName?.column
        return entries.first { $0.field.column == name }?.upload
    }

    /// Gives the form its submitted data, and compares unique fields with the stored rows.
    private func bind(_ data: FormData, in database: Database) async throws {
        bind(data)
        for unique in uniqueLists {
            let chosen = unique.compactMap { column in entries.first { $0.field.column == column } }
            let values = chosen.compactMap(\.storedValue)
            // A list with a field that is not in the form, or that is empty, is left to the database.
            guard values.count == unique.count, chosen.allSatisfy(\.input.errors.isEmpty),
                values.allSatisfy({ (try? $0.databaseValue(for: .sqlite)) != .null })
            else { continue }
            var sql: SQL = "SELECT 1 FROM \(identifier: M.table.name(for: database.engine)) WHERE "
            for (index, (column, value)) in zip(unique, values).enumerated() {
                if index > 0 { sql.append(" AND ") }
                sql.append("\(identifier: column) = " as SQL)
                sql.append(value: value)
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

    /// Stores the row and its many-to-many links if the form is valid, all or nothing, and returns it. A new row gets
    /// the form's values; of an existing row, only the form's fields change.
    ///
    /// If another request has stored the same unique values meanwhile, or the row does not satisfy a check of the
    /// model, the form gets the error.
    ///
    /// - Parameters:
    ///   - database: The database.
    ///   - others: Values of fields that are not in the form.
    /// - Returns: The stored row, or nil if the form was not submitted or has errors.
    /// - Throws: ``ModelFormError/noStorage(_:)`` for an uploaded file whose name is not among the other values;
    ///   ``/StraitDatabase/DatabaseError`` for other errors than of unique fields; `CancellationError`.
    public func save(
        in database: Database, _ others: (M.Columns) -> [Assignment<M>] = { _ in [] }
    ) async throws -> M? {
        guard isValid else { return nil }
        let path = JoinPath()
        let others = others(M.Columns(path: path))
        for entry in entries where entry.upload != nil && !others.contains(where: { $0.column == entry.field.column }) {
            throw ModelFormError.noStorage(entry.field.property)
        }
        let values = entries.compactMap { entry in entry.changedValue.map { (entry.field, $0) } }
        do {
            // A failed statement would end a transaction around this one.
            if links.isEmpty, !database.isTransaction {
                return try await database.store(values, others, of: path, in: instance)
            }
            return try await database.atomic { database in
                let row = try await database.store(values, others, of: path, in: instance)
                for entry in links { try await entry.save(of: row.id, in: database) }
                return row
            }
        } catch let error as DatabaseError where error.code == .unique {
            let fields = M.table.fields.filter { error.columns.contains($0.column) }
            // The error may be about the table of a many-to-many field.
            guard !fields.isEmpty, error.table == nil || error.table == M.table.name else { throw error }
            addUniqueError(fields)
            return nil
        } catch let error as DatabaseError where error.code == .check {
            guard let name = error.constraint, M.table.constraints.contains(where: { $0.name == name }) else {
                throw error
            }
            addError("Constraint “\(name)” is violated.", code: "check")
            return nil
        }
    }
}

extension String {
    /// The text with a capital first letter; Django's `capfirst`.
    var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
