public import StraitDatabase

extension QuerySet {
    /// Reads the rows that refer to other rows, all with one query; Django's `prefetch_related`.
    ///
    /// ```swift
    /// let photos = try await Photo.objects.all(in: database)
    /// let comments = try await Comment.objects.grouped(by: { $0.photo }, of: photos, in: database)
    /// for photo in photos { show(photo, comments[photo.id, default: []]) }
    /// ```
    ///
    /// - Returns: The rows by the ID of the row that they refer to, in the order of the query. Each of `others` has an
    ///   entry.
    public func grouped<Other: Model>(
        by key: (M.Columns) -> ForeignKeyColumn<Other>, of others: [Other], in database: Database
    ) async throws -> [Other.ID: [M]] {
        let (state, columns) = renewed
        return try await grouped(state, key(columns).node, others.map(\.id), database)
    }

    /// Reads the rows that refer to other rows by a foreign key that may be empty.
    public func grouped<Other: Model>(
        by key: (M.Columns) -> OptionalForeignKeyColumn<Other>, of others: [Other], in database: Database
    ) async throws -> [Other.ID: [M]] {
        let (state, columns) = renewed
        return try await grouped(state, key(columns).node, others.map(\.id), database)
    }

    /// Reads the rows that other rows are linked to, all with one query; Django's `prefetch_related` for a
    /// `ManyToManyField`.
    ///
    /// ```swift
    /// let tags = try await Tag.objects.grouped(by: \.tags, of: photos, in: database)
    /// ```
    public func grouped<Other: Model>(
        by links: KeyPath<Other.Columns, LinksColumn<Other, M>>, of others: [Other], in database: Database
    ) async throws -> [Other.ID: [M]] {
        let column = Other.Columns(path: JoinPath())[keyPath: links].source(from: state)
        return try await grouped(state, column, others.map(\.id), database)
    }

    private func grouped<Key: ModelValue & Hashable>(
        _ state: QueryState, _ key: ExpressionNode, _ ids: [Key], _ database: Database
    ) async throws -> [Key: [M]] {
        var groups = Dictionary(ids.map { ($0, []) }, uniquingKeysWith: { first, _ in first }) as [Key: [M]]
        let width = state.statements.width
        // One statement unless there are very many rows.
        for start in stride(from: 0, to: ids.count, by: 30_000) {
            var query = state
            query.change("grouped")
            let part = Array(ids[start..<min(start + 30_000, ids.count)])
            query.conditions.append(.comparison("\(key) IN (\(list: part))"))
            let rows = try await database.query(try query.select([state.allColumns, key], for: database.engine)) {
                row throws(DatabaseError) in
                (try row.read(width) as Key, try M(row: row, at: 0))
            }
            for (key, row) in rows { groups[key, default: []].append(row) }
        }
        return groups
    }
}
