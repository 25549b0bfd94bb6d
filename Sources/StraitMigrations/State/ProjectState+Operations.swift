internal import StraitDatabase
internal import StraitModels

extension ProjectState {
    /// Applies an operation of a migration to the tables.
    ///
    /// - Parameters:
    ///   - operation: The operation.
    ///   - app: The label of the migration's app.
    /// - Throws: ``MigrationError`` if the operation names a model, field, index or constraint that does not exist, or
    ///   creates one that does.
    mutating func apply(_ operation: MigrationOperation, in app: String) throws(MigrationError) {
        switch operation.kind {
        case .createModel(
            let name, let table, let fields, let uniqueTogether, let indexes, let constraints, let isManaged):
            let model = ModelName(app: app, name: name)
            guard tables[model] == nil else { throw MigrationError("The model \(model) exists already.") }
            var new = ModelTable(model, name: table, fields: fields.compactMap { $0.field(in: app) }).migrated
            new.links = fields.compactMap { $0.link(in: new) }
            new.uniqueTogether = uniqueTogether
            new.indexes = indexes
            new.constraints = constraints
            new.isManaged = isManaged
            for name in uniqueTogether.joined() { try checkColumn(name, of: new) }
            for index in indexes { try check(index, of: new) }
            for constraint in constraints { try check(constraint, of: new) }
            tables[model] = new
            try checkReferences(of: new)
        case .deleteModel(let name):
            let model = try table(name, app).model
            for other in sorted where other.model != model {
                let user =
                    other.fields.first { $0.reference?.model == model }?.name
                    ?? other.links.first { $0.refers(to: model) }?.name
                guard let user else { continue }
                throw MigrationError(
                    "The model \(model) cannot be deleted, because the field \(user) of \(other.model) refers to it. "
                        + "Remove that field first.")
            }
            tables[model] = nil
        case .renameModel(let name, let newName): try rename(name, to: newName, app)
        case .alterTable(let name, let newName):
            try change(name, app) { $0.rename(newName ?? $0.model.tableName) }
        case .alterOptions(let name, let isManaged): try change(name, app) { $0.isManaged = isManaged }
        case .addField(let model, let field, _):
            let table = try table(model, app)
            guard !table.has(field.name) else {
                throw MigrationError("The model \(table.model) has a field \(field.name) already.")
            }
            try change(model, app) { table in
                if let column = field.field(in: app) { table.fields.append(column.migrated) }
                if let link = field.link(in: table) { table.links.append(link) }
            }
            try checkReferences(of: try self.table(model, app))
        case .removeField(let model, let name):
            try checkUnused(name, of: try field(name, of: model, app))
            try change(model, app) { table in
                table.fields.removeAll { $0.name == name }
                table.links.removeAll { $0.name == name }
            }
        case .alterField(let model, let field, _):
            try self.field(field.name, of: model, app)
            try change(model, app) { table in
                if let column = field.field(in: app),
                    let index = table.fields.firstIndex(where: { $0.name == column.name })
                {
                    let old = table.fields[index].column
                    table.fields[index] = column.migrated
                    table.renameColumn(old, to: column.column)
                }
                if let link = field.link(in: table), let index = table.links.firstIndex(where: { $0.name == link.name })
                {
                    table.links[index] = link
                }
            }
            try checkReferences(of: try self.table(model, app))
        case .renameField(let model, let name, let newName):
            let table = try field(name, of: model, app)
            guard name == newName || !table.has(newName) else {
                throw MigrationError("The model \(table.model) has a field \(newName) already.")
            }
            try change(model, app) { $0.renameField(name, to: newName) }
        case .addIndex(let model, let index, _):
            try check(index, of: try table(model, app))
            try change(model, app) { $0.indexes.append(index) }
        case .removeIndex(let model, let name, _):
            _ = try index(name, of: model, app)
            try change(model, app) { table in table.indexes.removeAll { $0.name == name } }
        case .renameIndex(let model, let name, let newName):
            let place = try index(name, of: model, app)
            let table = try table(model, app)
            guard name == newName || !table.hasIndexOrConstraint(newName) else {
                throw MigrationError("The model \(table.model) has an index or constraint \(newName) already.")
            }
            try change(model, app) { $0.indexes[place].name = newName }
        case .addConstraint(let model, let constraint):
            try check(constraint, of: try table(model, app))
            try change(model, app) { $0.constraints.append(constraint) }
        case .removeConstraint(let model, let name):
            let table = try table(model, app)
            guard table.constraints.contains(where: { $0.name == name }) else {
                throw MigrationError("The model \(table.model) has no constraint \(name).")
            }
            try change(model, app) { table in table.constraints.removeAll { $0.name == name } }
        case .alterUniqueTogether(let model, let columns):
            let table = try table(model, app)
            for name in columns.joined() { try checkColumn(name, of: table) }
            try change(model, app) { $0.uniqueTogether = columns }
        case .runSQL, .run: break
        }
    }

    /// Returns the table of a model of an app.
    func table(_ name: String, _ app: String) throws(MigrationError) -> ModelTable {
        let model = ModelName(app: app, name: name)
        guard let table = tables[model] else { throw MigrationError("There is no model \(model) at this point.") }
        return table
    }

    private mutating func change(
        _ name: String, _ app: String, _ change: (inout ModelTable) -> Void
    ) throws(MigrationError) {
        var table = try table(name, app)
        change(&table)
        tables[table.model] = table
    }

    @discardableResult
    private func field(_ name: String, of model: String, _ app: String) throws(MigrationError) -> ModelTable {
        let table = try table(model, app)
        guard table.has(name) else { throw MigrationError("The model \(table.model) has no field \(name).") }
        return table
    }

    private func index(_ name: String, of model: String, _ app: String) throws(MigrationError) -> Int {
        let table = try table(model, app)
        guard let index = table.indexes.firstIndex(where: { $0.name == name }) else {
            throw MigrationError("The model \(table.model) has no index \(name).")
        }
        return index
    }

    /// Renames a model, and all references to it.
    private mutating func rename(_ name: String, to newName: String, _ app: String) throws(MigrationError) {
        let (old, new) = (ModelName(app: app, name: name), ModelName(app: app, name: newName))
        guard var table = tables.removeValue(forKey: old) else {
            throw MigrationError("There is no model \(old) at this point.")
        }
        guard tables[new] == nil else { throw MigrationError("The model \(new) exists already.") }
        table.model = new
        table = table.migrated
        if table.name == old.tableName { table.name = new.tableName }
        tables[new] = table
        for (model, var table) in tables {
            for index in table.fields.indices where table.fields[index].reference?.model == old {
                table.fields[index].reference = table.fields[index].reference.map {
                    ModelReference(new, onDelete: $0.onDelete)
                }
            }
            table.links = table.links.map { link in
                func renamed(_ model: ModelName) -> ModelName { model == old ? new : model }
                return ModelLink(
                    link.name, name: link.name, to: renamed(link.target.model),
                    through: link.through.map { renamed($0.model) }
                ).completed(in: table)
            }
            tables[model] = table
        }
    }
}

extension ModelTable {
    /// Whether a field or many-to-many field has this name.
    func has(_ name: String) -> Bool { fields.contains { $0.name == name } || links.contains { $0.name == name } }

    /// Renames a field, and its column if that follows from the name.
    mutating func renameField(_ name: String, to newName: String) {
        if let index = fields.firstIndex(where: { $0.name == name }) {
            var field = fields[index]
            let column = field.column
            let ending = field.kind.isReference ? "_id" : ""
            field.name = newName
            field.property = newName
            field.verboseName = String(newName.map { $0 == "_" ? " " : $0 })
            if column == name + ending { field.column = newName + ending }
            fields[index] = field
            renameColumn(column, to: field.column)
        }
        if let index = links.firstIndex(where: { $0.name == name }) {
            let link = links[index]
            links[index] = ModelLink(
                newName, name: newName, to: link.target.model, through: link.through?.model
            ).completed(in: self)
        }
    }

    /// Follows a column that is renamed, in indexes and constraints.
    mutating func renameColumn(_ old: String, to new: String) {
        guard old != new else { return }
        func renamed(_ column: String) -> String { column == old ? new : column }
        func renamed(condition: String?) -> String? {
            condition.map { SQLTokens($0).renaming(old, to: new) }
        }
        uniqueTogether = uniqueTogether.map { $0.map(renamed) }
        indexes = indexes.map { index in
            ModelIndex(
                name: index.name,
                columns: index.columns.map { ColumnOrder(renamed($0.column), isDescending: $0.isDescending) },
                condition: renamed(condition: index.condition))
        }
        constraints = constraints.map { constraint in
            switch constraint.kind {
            case .unique(let columns, let condition):
                ModelConstraint(
                    name: constraint.name, .unique(columns.map(renamed), condition: renamed(condition: condition)))
            case .check(let condition):
                ModelConstraint(name: constraint.name, .check(renamed(condition: condition) ?? condition))
            }
        }
    }
}
