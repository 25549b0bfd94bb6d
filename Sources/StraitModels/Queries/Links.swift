public import StraitDatabase

/// The links of a row to rows of another model; the value of Django's `ManyToManyField`.
///
/// ```swift
/// try await photo.tags.add([sea.id, summer.id], in: database)
/// let tags = try await photo.tags.objects.order { [$0.name.ascending] }.all(in: database)
/// ```
public struct Links<Target: Model>: Sendable {
    private let link: ModelLink
    private let source: any DatabaseConvertible

    /// Creates the links of a row. The macro `@ManyToMany` does this.
    public init<Source: Model>(of source: Source, _ property: String) {
        self.init(LinkTable.of(Source.self, property), of: source.id)
    }

    /// Creates the links of the row with an ID.
    init(_ link: ModelLink, of source: any DatabaseConvertible) {
        self.link = link
        self.source = source
    }

    /// The linked rows as a query.
    public var objects: QuerySet<Target> {
        let (query, link, source) = (Target.objects, link, source)
        return query.filter { _ in
            Condition("\(query.state.key) IN (\(subquery: { link.targets(of: source, $0.engine) }))")
        }
    }

    /// Links rows. Rows that are already linked stay linked.
    public func add(_ ids: [Target.ID], in database: Database) async throws {
        var known: Set<Target.ID> = []
        let new = ids.filter { known.insert($0).inserted }
        guard link.through != nil else {
            return try await inBatches(new, in: database) { try await insert($0, in: $1) }
        }
        // A table of the application may allow the same link twice.
        try await database.atomic { database in
            let linked = Set(try await linkedIDs(in: database))
            try await inBatches(new.filter { !linked.contains($0) }, in: database) { try await insert($0, in: $1) }
        }
    }

    /// Calls `body` with IDs of which both engines allow as many in a statement, in one transaction.
    private func inBatches(
        _ ids: [Target.ID], in database: Database, _ body: ([Target.ID], Database) async throws -> Void
    ) async throws {
        let size = 10_000
        guard ids.count > size else { return try await body(ids, database) }
        try await database.atomic { database in
            for start in stride(from: 0, to: ids.count, by: size) {
                try await body(Array(ids[start..<min(start + size, ids.count)]), database)
            }
        }
    }

    private func linkedIDs(in database: Database) async throws -> [Target.ID] {
        try await database.query(link.targets(of: source, database.engine), isWrite: true) {
            row throws(DatabaseError) in try row.read(0) as Target.ID
        }
    }

    private func insert(_ ids: [Target.ID], in database: Database) async throws {
        guard !ids.isEmpty else { return }
        var sql: SQL = """
            INSERT INTO \(link.place(database.engine)) \
            (\(identifier: link.sourceColumn), \(identifier: link.targetColumn)) VALUES
            """
        for (index, id) in ids.enumerated() {
            sql.append(index == 0 ? " (" : ", (")
            sql.append(value: source)
            sql.append(", ")
            sql.append(value: id)
            sql.append(")")
        }
        sql.append(" ON CONFLICT DO NOTHING")
        try await database.execute(sql)
    }

    /// Removes the links to rows.
    public func remove(_ ids: [Target.ID], in database: Database) async throws {
        guard !ids.isEmpty else { return }
        try await inBatches(ids, in: database) { ids, database in
            try await database.execute(
                """
                DELETE FROM \(link.place(database.engine)) WHERE \(identifier: link.sourceColumn) = \(source.sql) \
                AND \(identifier: link.targetColumn) IN (\(list: ids))
                """)
        }
    }

    /// Removes all links of the row.
    public func clear(in database: Database) async throws {
        try await database.execute(
            "DELETE FROM \(link.place(database.engine)) WHERE \(identifier: link.sourceColumn) = \(source.sql)")
    }

    /// Links exactly these rows: adds the missing links, and removes the others.
    public func set(_ ids: [Target.ID], in database: Database) async throws {
        try await database.atomic { database in
            let linked = try await linkedIDs(in: database)
            let (old, new) = (Set(linked), Set(ids))
            try await remove(Array(old.subtracting(new)), in: database)
            try await add(Array(new.subtracting(old)), in: database)
        }
    }
}

/// The links of a row to rows of any model, for forms.
package protocol RowLinks: Sendable {
    /// Returns the IDs of the linked rows.
    func ids(in database: Database) async throws -> [any DatabaseConvertible]
    /// Makes the rows with these IDs the linked ones. They have to be IDs of the other model.
    func set(rows: [any DatabaseConvertible], in database: Database) async throws
}

extension Links: RowLinks {
    package func ids(in database: Database) async throws -> [any DatabaseConvertible] {
        try await linkedIDs(in: database)
    }

    package func set(rows: [any DatabaseConvertible], in database: Database) async throws {
        try await set(rows.compactMap { $0 as? Target.ID }, in: database)
    }
}

/// The many-to-many field of a model in a query.
public struct LinksColumn<Source: Model, Target: Model>: Sendable, FormColumn {
    private let name: String
    private let path: JoinPath

    /// Creates a column. The macro `@Model` does this.
    public init(_ name: String, at path: JoinPath) {
        self.name = name
        self.path = path
    }

    /// The name of the field, or nil for a field of another model.
    public var fieldName: FieldName? { path.steps.isEmpty ? FieldName(link: name) : nil }

    private var link: ModelLink { LinkTable.of(Source.self, name) }

    private var key: ExpressionNode {
        ExpressionNode(.column(Source.statements.key, path, isOptional: false))
    }

    /// A linked row satisfies the condition.
    public func contains(where condition: (Target.Columns) -> Condition) -> Condition {
        let query = Target.objects.filter(condition)
        let (link, inner) = (link, query.state)
        return Condition(
            """
            \(key) IN (\(subquery: { writer in
                "\(link.selectLinks(writer.engine)) IN (\(inner.subquery([inner.key], writer)))"
            }))
            """)
    }

    /// The row is linked.
    public func contains(_ id: Target.ID) -> Condition {
        let link = link
        return Condition("\(key) IN (\(subquery: { "\(link.selectLinks($0.engine)) = \(id)" }))")
    }

    /// The number of linked rows.
    public var count: Calculation<Int> {
        let (link, key) = (link, key)
        return Calculation(
            """
            (\(subquery: { writer in
                var sql: SQL = "SELECT COUNT(*) FROM \(link.place(writer.engine))"
                sql.append(" WHERE " + SQL.quoted(link.sourceColumn) + " = ")
                writer.write(key, to: &sql)
                return sql
            }))
            """)
    }

    /// The way from the other model to the ID of the row with the field.
    func source(from target: QueryState) -> ExpressionNode {
        let step = JoinPath.Step(
            column: target.table.primaryKey.column, table: link.storedTable, key: link.targetColumn, isOptional: false)
        return ExpressionNode(.column(link.sourceColumn, target.path.appending(step), isOptional: false))
    }
}

/// The tables of many-to-many fields.
private enum LinkTable {
    /// Returns the field of a model with its join table and columns. If the application declares a model for the
    /// table, its foreign keys name the columns.
    static func of<Source: Model>(_ source: Source.Type, _ name: String) -> ModelLink {
        guard let link = Source.table.links.first(where: { $0.property == name || $0.name == name }) else {
            preconditionFailure("\(Source.self) has no many-to-many field \(name).")
        }
        return link.placed(in: Source.modelName)
    }
}

extension ModelLink {
    /// Returns the field of a model with its table and columns, also if the application declares a model for them.
    package func placed(in source: ModelName) -> ModelLink {
        guard let through = through?.table?() else { return self }
        var link = self
        let keys = through.fields.filter { $0.reference != nil }
        link.table = through.name
        link.shortTable = through.name(for: .postgreSQL)
        link.sourceColumn = keys.first { $0.reference?.model == source }?.column ?? ""
        let own = link.sourceColumn
        link.targetColumn = keys.first { $0.reference?.model == target.model && $0.column != own }?.column ?? ""
        return link
    }

    /// Returns the start of a query for a column of the table between both models.
    private func select(_ column: String, _ engine: DatabaseEngine) -> SQL {
        "SELECT \(identifier: column) FROM \(place(engine))"
    }

    /// The name of the table between both models.
    fileprivate func place(_ engine: DatabaseEngine) -> SQL { "\(identifier: storedTable.text(for: engine))" }

    /// Returns the query for the IDs that are linked to a row.
    fileprivate func targets(of source: any DatabaseConvertible, _ engine: DatabaseEngine) -> SQL {
        "\(select(targetColumn, engine)) WHERE \(identifier: sourceColumn) = \(source.sql)"
    }

    /// Returns the start of a query for the IDs of rows with the field, up to the comparison with the other model's ID.
    fileprivate func selectLinks(_ engine: DatabaseEngine) -> SQL {
        // A model of the application may have a foreign key that can be empty, and `NOT IN` is true for no row then.
        let isPresent: SQL = through == nil ? "" : "\(identifier: sourceColumn) IS NOT NULL AND "
        return "\(select(sourceColumn, engine)) WHERE \(isPresent)\(identifier: targetColumn)"
    }
}

extension DatabaseConvertible {
    /// The value as a parameter.
    fileprivate var sql: SQL {
        var sql: SQL = ""
        sql.append(value: self)
        return sql
    }
}
