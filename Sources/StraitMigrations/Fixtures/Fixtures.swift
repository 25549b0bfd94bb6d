package import StraitDatabase
package import StraitModels

/// Writes rows as a fixture in Django's JSON format, and loads one; Django's `dumpdata` and `loaddata`.
package struct Fixtures: Sendable {
    private let database: Database
    private let state: ProjectState
    private let tables: [ModelTable]

    /// Creates fixtures of a site.
    ///
    /// - Parameters:
    ///   - database: The database.
    ///   - models: The tables of the models.
    package init(_ database: Database, models: [ModelTable]) {
        self.database = database
        tables = models.filter { !$0.isAutomatic }
        state = ProjectState(tables: models)
    }

    /// The tables, each after those that it refers to.
    private var sorted: [ModelTable] {
        var result: [ModelTable] = []
        var waiting = tables.sorted { $0.model < $1.model }
        while !waiting.isEmpty {
            let place =
                waiting.firstIndex { table in
                    !waiting.contains { $0.model != table.model && table.targets.contains($0.model) }
                } ?? 0
            result.append(waiting.remove(at: place))
        }
        return result
    }

    private func kind(of field: ModelField) -> FieldKind {
        field.kind.isReference ? state.keyKind(of: field) : field.kind
    }

    private func coding(_ field: ModelField) -> FixtureCoding {
        FixtureCoding(kind: kind(of: field), engine: database.engine)
    }

    // MARK: Writing

    /// Returns the fixture's lines.
    ///
    /// - Parameter names: The labels of apps, or names of models as `gallery.Photo`; an empty list for all.
    /// - Throws: ``MigrationError`` if there is no such app or model.
    package func dump(_ names: [String] = []) async throws -> [String] {
        for name in names where !tables.contains(where: { Self.isNamed($0, name) }) {
            throw MigrationError(
                "The site has no app or model '\(name)'. Write an app, or app and model: gallery.Photo.")
        }
        let chosen = sorted.filter { table in names.isEmpty || names.contains { Self.isNamed(table, $0) } }
        var objects: [String] = []
        for table in chosen { objects += try await dump(table) }
        return ["["] + objects.enumerated().map { $1 + ($0 == objects.count - 1 ? "" : ",") } + ["]"]
    }

    private static func isNamed(_ table: ModelTable, _ name: String) -> Bool {
        table.model.app == name || table.model.description.lowercased() == name.lowercased()
    }

    private func dump(_ table: ModelTable) async throws -> [String] {
        let key = table.primaryKey
        let columns = table.fields.map { SQL.quoted($0.column) }.joined(separator: ", ")
        let name = SQL.quoted(table.name(for: database.engine))
        let rows = try await database.query(
            SQL(trusted: "SELECT \(columns) FROM \(name) ORDER BY \(SQL.quoted(key.column))")
        ) { row throws(DatabaseError) in (0..<row.count).map { row[$0] } }
        var links: [(name: String, targets: [DatabaseValue: [FixtureValue]])] = []
        for link in table.links where link.through == nil { links.append((link.name, try await targets(link, table))) }
        let keyIndex = table.fields.firstIndex { $0.column == key.column } ?? 0
        return try rows.map { row in
            var members: [FixtureValue.Member] = []
            var primaryKey = FixtureValue.null
            for (field, value) in zip(table.fields, row) {
                let json = try coding(field).json(value)
                if field.isPrimaryKey { primaryKey = json } else { members.append(.init(key: field.name, value: json)) }
            }
            for (name, targets) in links {
                members.append(.init(key: name, value: .array(targets[row[keyIndex]] ?? [])))
            }
            return try FixtureCoding.text(
                .object([
                    .init(key: "model", value: .string("\(table.model.app).\(table.model.name.lowercased())")),
                    .init(key: "pk", value: primaryKey), .init(key: "fields", value: .object(members)),
                ]))
        }
    }

    /// Returns the other rows of a many-to-many field by the key of a row.
    private func targets(_ link: ModelLink, _ table: ModelTable) async throws -> [DatabaseValue: [FixtureValue]] {
        guard let automatic = link.automaticTable(in: table), automatic.fields.count == 3 else { return [:] }
        let (source, target) = (automatic.fields[1], automatic.fields[2])
        let name = SQL.quoted(automatic.name(for: database.engine))
        let rows = try await database.query(
            SQL(
                trusted: "SELECT \(SQL.quoted(source.column)), \(SQL.quoted(target.column)) FROM \(name) ORDER BY 1, 2")
        ) { row throws(DatabaseError) in (row[0], row[1]) }
        var result: [DatabaseValue: [FixtureValue]] = [:]
        for (from, to) in rows { result[from, default: []].append(try coding(target).json(to)) }
        return result
    }

    // MARK: Loading

    /// Loads a fixture in one transaction. A row with the same primary key is replaced.
    ///
    /// - Returns: The number of rows.
    /// - Throws: ``MigrationError`` with the number of the object that cannot be loaded; ``DatabaseError``.
    package func load(_ text: String) async throws -> Int {
        guard case .array(let objects) = try FixtureCoding.read(text) else {
            throw MigrationError("The fixture is not a list of objects. Write it with dumpdata.")
        }
        try await database.atomic { database in
            for (index, object) in objects.enumerated() {
                do { try await load(object, database) } catch let error as CancellationError { throw error } catch {
                    throw MigrationError("Object \(index + 1) of the fixture cannot be loaded: \(error)")
                }
            }
            for table in tables { try await resetSequence(table, database) }
        }
        return objects.count
    }

    private func load(_ object: FixtureValue, _ database: Database) async throws {
        guard let model = object["model"]?.text, case .object(let members)? = object["fields"] else {
            throw MigrationError("It has no \"model\" or no \"fields\". Write it with dumpdata.")
        }
        guard let table = tables.first(where: { Self.isNamed($0, model) && $0.model.app != model }) else {
            throw MigrationError("The site has no model '\(model)'.")
        }
        let key = table.primaryKey
        var columns: [String] = []
        var values: [any DatabaseConvertible] = []
        var links: [(ModelLink, [FixtureValue])] = []
        let keyValue = try object["pk"].map { try coding(key).stored($0) }
        if let keyValue, object["pk"] != .null {
            columns.append(key.column)
            values.append(keyValue)
        }
        for member in members {
            if let field = table.fields.first(where: { $0.name == member.key }) {
                columns.append(field.column)
                values.append(try coding(field).stored(member.value))
            } else if let link = table.links.first(where: { $0.name == member.key }) {
                if case .array(let targets) = member.value { links.append((link, targets)) }
            } else {
                throw MigrationError("The model \(table.model) has no field '\(member.key)'.")
            }
        }
        var sql: SQL = "INSERT INTO \(identifier: name(table)) "
        sql.append("(" + columns.map(SQL.quoted).joined(separator: ", ") + ") VALUES (")
        sql.append(SQL.list(values))
        sql.append(") ON CONFLICT (\(SQL.quoted(key.column))) DO ")
        let changes = columns.filter { $0 != key.column }.map { "\(SQL.quoted($0)) = excluded.\(SQL.quoted($0))" }
        sql.append(changes.isEmpty ? "NOTHING" : "UPDATE SET " + changes.joined(separator: ", "))
        try await database.execute(sql)
        guard let keyValue else { return }
        for (link, targets) in links {
            guard let automatic = link.automaticTable(in: table), automatic.fields.count == 3 else { continue }
            let (source, target) = (automatic.fields[1], automatic.fields[2])
            let place: SQL = "\(identifier: name(automatic))"
            var deletion: SQL = "DELETE FROM \(place) WHERE \(identifier: source.column) = "
            deletion.append(value: keyValue)
            try await database.execute(deletion)
            for value in targets {
                var insertion: SQL =
                    "INSERT INTO \(place) (\(identifier: source.column), \(identifier: target.column)) VALUES ("
                insertion.append(SQL.list([keyValue, try coding(target).stored(value)]))
                insertion.append(")")
                try await database.execute(insertion)
            }
        }
    }

    private func name(_ table: ModelTable) -> String { table.name(for: database.engine) }

    /// Sets PostgreSQL's sequence so that the next ID is greater than all stored ones.
    private func resetSequence(_ table: ModelTable, _ database: Database) async throws {
        let key = table.primaryKey
        guard database.engine == .postgreSQL, key.kind.isAutomatic else { return }
        let (place, column) = (SQL.quoted(name(table)), SQL.quoted(key.column))
        let text =
            "SELECT setval(pg_get_serial_sequence(\(SQL.literal(place)), \(SQL.literal(key.column))), "
            + "(SELECT COALESCE(MAX(\(column)), 0) + 1 FROM \(place)), false)"
        _ = try await database.query(SQL(trusted: text)) { _ in 1 }
    }

    // MARK: Deletion

    /// Deletes all rows of all models, and starts their IDs again; Django's `flush`.
    package func flush() async throws {
        let names = (tables + tables.flatMap(\.automaticTables)).filter(\.isManaged).map(name)
        if names.isEmpty { return }
        if database.engine == .postgreSQL {
            let list = names.map(SQL.quoted).joined(separator: ", ")
            try await database.execute(SQL(trusted: "TRUNCATE \(list) RESTART IDENTITY"))
            return
        }
        try await database.atomic { database in
            // Foreign keys are checked at the end.
            try await database.execute("PRAGMA defer_foreign_keys = ON")
            for name in names {
                try await database.execute("DELETE FROM \(identifier: name)")
                try await database.execute("DELETE FROM sqlite_sequence WHERE name = \(name)")
            }
        }
    }
}
