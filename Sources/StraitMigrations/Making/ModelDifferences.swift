internal import StraitDatabase
internal import StraitModels

extension DatabaseDefault {
    /// Creates the default of a stored value; nil for a value that has no literal.
    init?(_ value: DatabaseValue, of kind: FieldKind) {
        switch value {
        case .integer(let number):
            if kind == .boolean { self.init(booleanLiteral: number != 0) } else { self.init(integerLiteral: number) }
        case .double(let number):
            guard number.isFinite else { return nil }
            self.init(floatLiteral: number)
        case .text(let text): self.init(stringLiteral: text)
        case .null, .bytes: return nil
        }
    }
}

extension ModelTable {
    /// The models that the foreign keys and many-to-many fields refer to.
    var targets: Set<ModelName> {
        Set(fields.compactMap(\.reference?.model) + links.map(\.target.model) + links.compactMap(\.through?.model))
    }

    /// Whether the fields are the same, apart from the models that they refer to.
    func hasSameFields(as other: ModelTable) -> Bool {
        func definitions(_ table: ModelTable) -> Set<ModelField> {
            Set(
                table.fields.map { field in
                    var field = field
                    field.reference = field.reference.map {
                        ModelReference(ModelName(app: "", name: ""), onDelete: $0.onDelete)
                    }
                    return field
                })
        }
        return definitions(self) == definitions(other) && links.map(\.name).sorted() == other.links.map(\.name).sorted()
    }
}

extension ModelField {
    /// Whether two fields differ at most in their name and column.
    func hasSameDefinition(as other: ModelField) -> Bool {
        var copy = self
        copy.name = other.name
        copy.property = other.property
        copy.column = other.column
        copy.verboseName = other.verboseName
        return copy == other
    }
}

extension ModelLink {
    /// Whether the field refers to a model.
    func refers(to model: ModelName) -> Bool { target.model == model || through?.model == model }

    /// Whether the field can become the other one without losing its rows.
    func isSameKind(as other: ModelLink) -> Bool {
        name == other.name && (through == nil) == (other.through == nil)
    }
}

extension ModelConstraint {
    /// Whether the constraint is about a column. A condition may name it.
    func uses(_ column: String) -> Bool {
        switch kind {
        case .unique(let list, let condition):
            list.contains(column) || condition.map { SQLTokens($0).names(column: column) } == true
        case .check(let condition): SQLTokens(condition).names(column: column)
        }
    }

    /// Whether a table with some of its columns can have the constraint.
    func isPossible(with columns: Set<String>, of table: ModelTable) -> Bool {
        switch kind {
        case .unique(let list, let condition):
            columns.isSuperset(of: list) && (condition == nil || columns.count == table.fields.count)
        // A condition may name any column.
        case .check: columns.count == table.fields.count
        }
    }
}

extension MigrationField {
    /// A column with the same name, for questions.
    var placeholder: ModelField { ModelField(name, name: name, column: name, kind: .bigAuto) }
}

extension MigrationOperation {
    /// The models that the operation refers to, in this app and in others.
    func references(in app: String) -> Set<ModelName> {
        func models(_ field: MigrationField) -> [ModelName] {
            switch field.kind {
            case .column: [field.target].compactMap(\.self).map { MigrationField.model($0, in: app) }
            case .link(_, let to, let through):
                [to, through].compactMap(\.self).map { MigrationField.model($0, in: app) }
            }
        }
        switch kind {
        case .createModel(_, _, let fields, _, _, _, _): return Set(fields.flatMap(models))
        case .addField(_, let field, _), .alterField(_, let field, _): return Set(models(field))
        default: return []
        }
    }
}
