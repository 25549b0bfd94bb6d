internal import StraitDatabase
internal import StraitModels

extension ProjectState {
    /// Throws an error if a field refers to a model that does not exist.
    func checkReferences(of table: ModelTable) throws(MigrationError) {
        let fields = table.fields.compactMap { field in field.reference.map { (field.name, $0.model) } }
        let links = table.links.flatMap { link in
            [(link.name, link.target.model)] + (link.through.map { [(link.name, $0.model)] } ?? [])
        }
        for (name, target) in fields + links where tables[target] == nil {
            throw MigrationError(
                "The field \(name) of \(table.model) refers to the model \(target), which does not exist at this "
                    + "point. Create it first, or add the migration that creates it to the dependencies.")
        }
    }

    /// Throws an error if an index or constraint uses a field that is removed.
    func checkUnused(_ name: String, of table: ModelTable) throws(MigrationError) {
        guard let column = table.fields.first(where: { $0.name == name })?.column else { return }
        let user =
            table.indexes.first { $0.uses(column) }.map { "index \($0.name)" }
            ?? table.constraints.first { $0.uses(column) }.map { "constraint \($0.name)" }
            ?? table.uniqueTogether.first { $0.contains(column) }.map { "unique list \($0.joined(separator: ", "))" }
        guard let user else { return }
        throw MigrationError(
            "The field \(name) of \(table.model) cannot be removed, because the \(user) uses it. Remove that first.")
    }

    /// Throws an error if an index cannot be added to a table.
    func check(_ index: ModelIndex, of table: ModelTable) throws(MigrationError) {
        for order in index.columns { try checkColumn(order.column, of: table) }
        try checkName(index.name, of: table)
    }

    /// Throws an error if a constraint cannot be added to a table.
    func check(_ constraint: ModelConstraint, of table: ModelTable) throws(MigrationError) {
        if case .unique(let columns, _) = constraint.kind {
            for column in columns { try checkColumn(column, of: table) }
        }
        try checkName(constraint.name, of: table)
    }

    func checkColumn(_ name: String, of table: ModelTable) throws(MigrationError) {
        guard table.columnNames.contains(name) else {
            throw MigrationError(
                "The model \(table.model) has no column \(name). Indexes and constraints name columns: "
                    + "\(table.columnNames.joined(separator: ", ")).")
        }
    }

    private func checkName(_ name: String, of table: ModelTable) throws(MigrationError) {
        let current = tables[table.model] ?? ModelTable(table.model, fields: [])
        guard !current.hasIndexOrConstraint(name) else {
            throw MigrationError("The model \(table.model) has an index or constraint \(name) already.")
        }
    }
}

extension ModelTable {
    func hasIndexOrConstraint(_ name: String) -> Bool {
        indexes.contains { $0.name == name } || constraints.contains { $0.name == name }
    }
}

extension ModelIndex {
    /// Whether the index is about a column. Its condition may name it.
    func uses(_ column: String) -> Bool {
        columns.contains { $0.column == column } || condition.map { SQLTokens($0).names(column: column) } == true
    }
}
