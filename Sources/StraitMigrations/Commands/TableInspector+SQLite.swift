internal import StraitDatabase
internal import StraitModels

extension TableInspector {
    /// Reads a table of SQLite. Names and checks of constraints are only in the text of its definition.
    func sqlite(_ name: String) async throws -> InspectedTable {
        var table = InspectedTable(name)
        table.columns = try await database.query(
            "SELECT name, type, \"notnull\", pk, dflt_value FROM pragma_table_info(\(name)) ORDER BY cid"
        ) { row throws(DatabaseError) in
            let isKey = try row.integer(3) > 0
            return InspectedTable.Column(
                name: try row.text(0), type: try row.text(1).lowercased(),
                isOptional: try row.integer(2) == 0 && !isKey, isPrimaryKey: isKey,
                defaultText: row.isNull(4) ? nil : try row.text(4))
        }
        let text = try await database.query("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = \(name)") {
            row throws(DatabaseError) in try row.text(0)
        }.joined()
        let names = table.readDefinition(SQLTokens(text))
        let keys = try await database.query(
            """
            SELECT "from", "table", "to", (
                SELECT COUNT(*) FROM pragma_foreign_key_list(\(name)) AS k WHERE k.id = list.id)
            FROM pragma_foreign_key_list(\(name)) AS list ORDER BY id, seq
            """
        ) { row throws(DatabaseError) in
            (
                column: try row.text(0), table: try row.text(1), target: row.isNull(2) ? nil : try row.text(2),
                count: try row.integer(3)
            )
        }
        for key in keys where key.count == 1 {
            let target = try await key.target == nil ? keyColumn(of: key.table) : key.target
            table.change(key.column) { $0.target = .init(table: key.table, column: target ?? "id") }
        }
        for key in keys where key.count > 1 {
            table.remarks.append("The column \(key.column) is part of a foreign key of several columns.")
        }
        for index in try await sqliteIndexes(name) {
            let columns = index.columns.compactMap(\.self)
            if columns.count < index.columns.count {
                table.remarks.append("The index \(index.name) has expressions: \(index.text ?? "")")
            } else if index.origin == "u" {
                let constraint = names.first { $0.columns == columns }?.name
                table.addUnique(columns.map(\.column), name: constraint)
            } else if index.isUnique {
                let isAutomatic = !index.isPartial && InspectedTable.isAutomatic(index.name, suffix: "_uniq")
                table.addUnique(
                    columns.map(\.column), name: isAutomatic ? nil : index.name,
                    condition: index.text.flatMap { SQLTokens($0).indexCondition })
            } else {
                table.addIndex(
                    ModelIndex(
                        name: index.name, columns: columns,
                        condition: index.text.flatMap { SQLTokens($0).indexCondition }))
            }
        }
        return table
    }

    private func keyColumn(of table: String) async throws -> String? {
        try await database.query("SELECT name FROM pragma_table_info(\(table)) WHERE pk = 1") {
            row throws(DatabaseError) in try row.text(0)
        }.first
    }

    private struct SQLiteIndex {
        let name: String
        let isUnique: Bool
        let origin: String
        let isPartial: Bool
        let text: String?
        /// The columns, nil for an expression.
        var columns: [ColumnOrder?] = []
    }

    private func sqliteIndexes(_ table: String) async throws -> [SQLiteIndex] {
        var indexes = try await database.query(
            """
            SELECT list.name, list."unique", list.origin, list.partial, master.sql
            FROM pragma_index_list(\(table)) AS list
            LEFT JOIN sqlite_master AS master ON master.type = 'index' AND master.name = list.name
            WHERE list.origin <> 'pk' ORDER BY list.name
            """
        ) { row throws(DatabaseError) in
            SQLiteIndex(
                name: try row.text(0), isUnique: try row.integer(1) == 1, origin: try row.text(2),
                isPartial: try row.integer(3) == 1, text: row.isNull(4) ? nil : try row.text(4))
        }
        for place in indexes.indices {
            indexes[place].columns = try await database.query(
                "SELECT name, \"desc\" FROM pragma_index_xinfo(\(indexes[place].name)) WHERE key = 1 ORDER BY seqno"
            ) { row throws(DatabaseError) in
                row.isNull(0) ? nil : ColumnOrder(try row.text(0), isDescending: try row.integer(1) == 1)
            }
        }
        return indexes
    }
}

extension InspectedTable {
    /// Reads the checks in the definition of a table. Returns the unique constraints that have a name.
    fileprivate mutating func readDefinition(_ tokens: SQLTokens) -> [(name: String, columns: [ColumnOrder])] {
        var names: [(name: String, columns: [ColumnOrder])] = []
        guard let open = tokens.tokens.firstIndex(of: .symbol("(")) else { return [] }
        for item in tokens.items(ofGroupAt: open) {
            let list = tokens.tokens
            let first = list[item.lowerBound]
            let isConstraint = ["constraint", "check", "unique", "primary", "foreign"].contains { first.isWord($0) }
            let column = isConstraint ? nil : first.identifier
            if let column, let index = columns.firstIndex(where: { $0.name == column }) {
                columns[index].isAutomatic =
                    list[item].contains { $0.isWord("autoincrement") }
                    || columns[index].isPrimaryKey && columns[index].type == "integer"
            }
            var name: String?
            var place = item.lowerBound + (column == nil ? 0 : 1)
            while place < item.upperBound {
                if list[place].isWord("constraint"), place + 1 < item.upperBound {
                    name = list[place + 1].identifier
                    place += 2
                } else if list[place].isWord("check"), place + 1 < item.upperBound {
                    let end = tokens.end(ofGroupAt: place + 1)
                    addCheck(tokens.text(of: place + 2..<end - 1), name: name, column: column)
                    name = nil
                    place = end
                } else if list[place].isWord("unique"), column == nil, place + 1 < item.upperBound {
                    let columns = tokens.items(ofGroupAt: place + 1).compactMap { list[$0.lowerBound].identifier }
                    if let name { names.append((name, columns.map { ColumnOrder($0) })) }
                    place = item.upperBound
                } else {
                    place = list[place] == .symbol("(") ? tokens.end(ofGroupAt: place) : place + 1
                }
            }
        }
        return names
    }

    private mutating func addCheck(_ condition: String, name: String?, column: String?) {
        if let name {
            constraints.append(ModelConstraint(name: name, .check(condition)))
            return
        }
        if let column, let index = columns.firstIndex(where: { $0.name == column }) {
            let quoted = SQL.quoted(column)
            if condition == "\(quoted) >= 0", columns[index].type.hasSuffix("unsigned") {
                columns[index].isPositive = true
                return
            }
            if condition == "(JSON_VALID(\(quoted)) OR \(quoted) IS NULL)" {
                columns[index].isJSON = true
                return
            }
        }
        remarks.append("A check has no name: \(condition)")
    }
}
