internal import StraitDatabase
internal import StraitModels

extension SchemaEditor {
    /// Adds the steps of an operation.
    ///
    /// - Parameters:
    ///   - operation: The operation. Data steps and statements of the application have no steps here.
    ///   - app: The label of the migration's app.
    ///   - isForward: Whether the operation is applied, or undone.
    ///   - from: The tables before these steps.
    ///   - to: The tables after them.
    /// - Throws: ``MigrationError`` if the change is not possible.
    mutating func perform(
        _ operation: MigrationOperation, in app: String, isForward: Bool, from: ProjectState, to: ProjectState
    ) throws(MigrationError) {
        switch operation.kind {
        case .createModel(let name, _, _, _, _, _, _):
            isForward ? try create(name, app, to) : try delete(name, app, from)
        case .deleteModel(let name):
            isForward ? try delete(name, app, from) : try create(name, app, to)
        case .renameModel(let name, let newName):
            try renameModel(isForward ? name : newName, to: isForward ? newName : name, app, from, to)
        case .alterTable(let name, _):
            guard let change = try change(of: name, app, from, to) else { return }
            renameTable(place(change.old), to: place(change.new))
            for (old, new) in zip(change.old.automaticTables, change.new.automaticTables) {
                renameTable(place(old), to: place(new))
            }
        case .addField(let model, let field, let fill):
            guard let change = try change(of: model, app, from, to) else { return }
            try isForward ? add(field.name, fill, change) : remove(field.name, change)
        case .removeField(let model, let name):
            guard let change = try change(of: model, app, from, to) else { return }
            try isForward ? remove(name, change) : add(name, nil, change, isReverse: true)
        case .alterField(let model, let field, let fill):
            guard let change = try change(of: model, app, from, to) else { return }
            try alter(field.name, field.name, isForward ? fill : nil, change, isReverse: !isForward)
        case .renameField(let model, let name, let newName):
            guard let change = try change(of: model, app, from, to) else { return }
            try alter(isForward ? name : newName, isForward ? newName : name, nil, change)
        case .addIndex(let model, let index, let isConcurrent):
            guard let change = try change(of: model, app, from, to) else { return }
            isForward
                ? addIndex(index, to: change.new, isConcurrent: isConcurrent)
                : removeIndex(index.name, from: change.old, isConcurrent: isConcurrent)
        case .removeIndex(let model, let name, let isConcurrent):
            guard let change = try change(of: model, app, from, to) else { return }
            if isForward {
                removeIndex(name, from: change.old, isConcurrent: isConcurrent)
            } else if let index = change.new.indexes.first(where: { $0.name == name }) {
                addIndex(index, to: change.new, isConcurrent: isConcurrent)
            }
        case .renameIndex(let model, let name, let newName):
            guard let change = try change(of: model, app, from, to) else { return }
            let (name, newName) = isForward ? (name, newName) : (newName, name)
            if let old = change.old.indexes.first(where: { $0.name == name }),
                let new = change.new.indexes.first(where: { $0.name == newName })
            {
                renameIndex(old, to: new, in: change.new)
            }
        case .addConstraint(let model, let constraint):
            guard let change = try change(of: model, app, from, to) else { return }
            self.change(constraint, isAdded: isForward, change.old, change.new, in: to)
        case .removeConstraint(let model, let name):
            guard let change = try change(of: model, app, from, to) else { return }
            let table = isForward ? change.old : change.new
            if let constraint = table.constraints.first(where: { $0.name == name }) {
                self.change(constraint, isAdded: !isForward, change.old, change.new, in: to)
            }
        case .alterUniqueTogether(let model, _):
            guard let change = try change(of: model, app, from, to) else { return }
            alterUniqueTogether(change.old, change.new)
        case .alterOptions, .runSQL, .run: break
        }
    }

    /// Returns the table before and after, or nil if migrations do not change it.
    private func change(
        of model: String, _ app: String, _ from: ProjectState, _ to: ProjectState
    ) throws(MigrationError) -> TableChange? {
        let (old, new) = (try from.table(model, app), try to.table(model, app))
        guard new.isManaged else { return nil }
        try checkNames(of: new)
        return TableChange(old: old, new: new, from: from, to: to)
    }

    /// Throws an error if PostgreSQL would cut the name of a column.
    private func checkNames(of table: ModelTable) throws(MigrationError) {
        guard engine == .postgreSQL else { return }
        for table in [table] + table.automaticTables {
            guard let column = table.columnNames.first(where: { $0.utf8.count > TableName.limit }) else { continue }
            throw MigrationError(
                "The column \(column) of \(table.model) has \(column.utf8.count) bytes, but PostgreSQL cuts names "
                    + "after \(TableName.limit). Give the field a shorter name, or a column with @Column.")
        }
    }

    private mutating func create(_ name: String, _ app: String, _ state: ProjectState) throws(MigrationError) {
        let table = try state.table(name, app)
        guard table.isManaged else { return }
        try checkNames(of: table)
        create(table, in: state)
    }

    private mutating func delete(_ name: String, _ app: String, _ state: ProjectState) throws(MigrationError) {
        let table = try state.table(name, app)
        if table.isManaged { delete(table) }
    }

    private mutating func renameModel(
        _ name: String, to newName: String, _ app: String, _ from: ProjectState, _ to: ProjectState
    ) throws(MigrationError) {
        let (old, new) = (try from.table(name, app), try to.table(newName, app))
        guard new.isManaged else { return }
        renameTable(place(old), to: place(new))
        func now(_ model: ModelName) -> ModelName { model == old.model ? new.model : model }
        for table in from.sorted where table.isManaged {
            guard let after = to.tables[now(table.model)] else { continue }
            var before = table
            (before.model, before.name) = (after.model, after.name)
            for field in table.fields where field.reference?.model == old.model {
                guard let replacement = after.fields.first(where: { $0.name == field.name }) else { continue }
                var next = before
                next.fields = next.fields.map { $0.name == field.name ? replacement : $0 }
                alter(
                    field, to: replacement, fill: nil, TableChange(old: before, new: next, from: from, to: to))
                before = next
            }
        }
        for table in from.sorted where table.isManaged {
            guard let after = to.tables[now(table.model)] else { continue }
            for link in table.links where link.target.model == old.model { alter(link, table, after, from, to) }
        }
        for link in old.links where link.target.model != old.model { alter(link, old, new, from, to) }
    }

    /// Changes the table of a many-to-many field whose model or other model has a new name.
    private mutating func alter(
        _ link: ModelLink, _ old: ModelTable, _ new: ModelTable, _ from: ProjectState, _ to: ProjectState
    ) {
        guard let before = link.automaticTable(in: old),
            let after = new.links.first(where: { $0.name == link.name })?.automaticTable(in: new)
        else { return }
        alter(before, automatic: after, from: from, to: to)
    }

    // MARK: Fields

    private mutating func add(
        _ name: String, _ fill: DatabaseDefault?, _ change: TableChange, isReverse: Bool = false
    ) throws(MigrationError) {
        if let link = change.new.links.first(where: { $0.name == name }) {
            if let table = link.automaticTable(in: change.new) { create(table, as: place(table), in: change.to) }
            return
        }
        guard let field = change.new.fields.first(where: { $0.name == name }) else { return }
        guard fill == nil, !field.isOptional, field.databaseDefault == nil, !field.kind.isAutomatic else {
            return add(field, fill: fill, change)
        }
        let value = isReverse ? field.kind.neutralValue : nil
        if value == nil || field.hasUniqueValues {
            check(
                RowCheck(
                    table: place(change.old), column: field.column, allowed: value == nil ? 0 : 1,
                    advice: isReverse ? Self.undoAdvice : Self.fillAdvice("addField")))
        }
        add(field, fill: value, change)
    }

    private static let undoAdvice =
        "Delete the rows, restore a backup, or edit the migration: before removeField, make the field optional with "
        + "alterField, and give the rows values in the reverse of a .run step."

    private static func fillAdvice(_ operation: String) -> String {
        "Give \(operation) a value with filling:, make the field optional, or change the rows first."
    }

    private mutating func remove(_ name: String, _ change: TableChange) throws(MigrationError) {
        if let link = change.old.links.first(where: { $0.name == name }) {
            if let table = link.automaticTable(in: change.old) { drop(place(table)) }
            return
        }
        guard let field = change.old.fields.first(where: { $0.name == name }) else { return }
        remove(field, change)
    }

    private mutating func alter(
        _ name: String, _ newName: String, _ fill: DatabaseDefault?, _ change: TableChange, isReverse: Bool = false
    ) throws(MigrationError) {
        let oldLink = change.old.links.first { $0.name == name }
        let newLink = change.new.links.first { $0.name == newName }
        if let oldLink, let newLink {
            guard
                let old = oldLink.automaticTable(in: change.old), let new = newLink.automaticTable(in: change.new)
            else {
                if (oldLink.through == nil) == (newLink.through == nil) { return }
                throw MigrationError(
                    "The many-to-many field \(name) cannot get or lose a model for its table. Remove the field and add "
                        + "it again.")
            }
            return alter(old, automatic: new, from: change.from, to: change.to)
        }
        guard let old = change.old.fields.first(where: { $0.name == name }),
            let new = change.new.fields.first(where: { $0.name == newName })
        else {
            throw MigrationError(
                "The field \(name) cannot be changed to or from a many-to-many field. Remove it, and add the new "
                    + "one.")
        }
        guard fill == nil, old.isOptional, !new.isOptional, new.databaseDefault == nil else {
            return alter(old, to: new, fill: fill, change)
        }
        let value = isReverse ? new.kind.neutralValue : nil
        if value == nil || new.hasUniqueValues {
            check(
                RowCheck(
                    table: place(change.old), column: old.column, isOfEmptyValues: true, allowed: value == nil ? 0 : 1,
                    advice: isReverse ? "Give these rows values, or delete them." : Self.fillAdvice("alterField")))
        }
        alter(old, to: new, fill: value, change)
    }
}

extension FieldKind {
    /// The value that stands for lost ones when a migration is undone, or nil for a reference.
    var neutralValue: DatabaseDefault? {
        switch self {
        case .char, .slug, .email, .url, .file, .image, .text, .binary: ""
        case .boolean: false
        case .dateTime, .date, .time: .now
        case .uuid: "00000000-0000-0000-0000-000000000000"
        case .json: "null"
        case .foreignKey, .oneToOne: nil
        case .smallAuto, .auto, .bigAuto, .smallInteger, .integer, .bigInteger, .positiveSmallInteger,
            .positiveInteger, .positiveBigInteger, .float, .decimal, .duration:
            0
        }
    }
}
