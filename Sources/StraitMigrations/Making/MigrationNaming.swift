internal import StraitModels

extension MigrationOperation {
    /// The part of a migration's name that stands for the operation, as Django chooses it; nil for data steps.
    var nameFragment: String? {
        switch kind {
        case .createModel(let name, _, _, _, _, _, _): name.lowercased()
        case .deleteModel(let name): "delete_" + name.lowercased()
        case .renameModel(let name, let newName): "rename_\(name.lowercased())_\(newName.lowercased())"
        case .alterTable(let name, _): "alter_\(name.lowercased())_table"
        case .alterOptions(let name, _): "alter_\(name.lowercased())_options"
        case .addField(let model, let field, _): "\(model.lowercased())_\(field.name.lowercased())"
        case .removeField(let model, let field): "remove_\(model.lowercased())_\(field.lowercased())"
        case .alterField(let model, let field, _): "alter_\(model.lowercased())_\(field.name.lowercased())"
        case .renameField(let model, let field, let newName):
            "rename_\(field.lowercased())_\(model.lowercased())_\(newName.lowercased())"
        case .addIndex(let model, let index, _): "\(model.lowercased())_\(index.name.lowercased())"
        case .removeIndex(let model, let name, _): "remove_\(model.lowercased())_\(name.lowercased())"
        case .renameIndex(_, let name, let newName): "rename_\(name.lowercased())_\(newName.lowercased())"
        case .addConstraint(let model, let constraint): "\(model.lowercased())_\(constraint.name.lowercased())"
        case .removeConstraint(let model, let name): "remove_\(model.lowercased())_\(name.lowercased())"
        case .alterUniqueTogether(let model, _): "alter_\(model.lowercased())_unique_together"
        case .runSQL, .run: nil
        }
    }

    /// The operation in words, as Django describes it.
    package var summary: String {
        switch kind {
        case .createModel(let name, _, _, _, _, _, _): "Create model \(name)"
        case .deleteModel(let name): "Delete model \(name)"
        case .renameModel(let name, let newName): "Rename model \(name) to \(newName)"
        case .alterTable(let name, let table): "Rename table for \(name) to \(table ?? "(default)")"
        case .alterOptions(let name, _): "Change options on \(name)"
        case .addField(let model, let field, _): "Add field \(field.name) to \(model.lowercased())"
        case .removeField(let model, let field): "Remove field \(field) from \(model.lowercased())"
        case .alterField(let model, let field, _): "Alter field \(field.name) on \(model.lowercased())"
        case .renameField(let model, let field, let newName):
            "Rename field \(field) on \(model.lowercased()) to \(newName)"
        case .addIndex(let model, let index, _): "Create index \(index.name) on model \(model.lowercased())"
        case .removeIndex(let model, let name, _): "Remove index \(name) from \(model.lowercased())"
        case .renameIndex(let model, let name, let newName):
            "Rename index \(name) on \(model.lowercased()) to \(newName)"
        case .addConstraint(let model, let constraint):
            "Create constraint \(constraint.name) on model \(model.lowercased())"
        case .removeConstraint(let model, let name): "Remove constraint \(name) from model \(model.lowercased())"
        case .alterUniqueTogether(let model, let columns):
            "Alter unique_together for \(model.lowercased()) (\(columns.count) constraint(s))"
        case .runSQL: "Raw SQL operation"
        case .run: "Raw Swift operation"
        }
    }
}

extension MigrationName {
    /// The name of a migration with a number, such as `0002_photo_caption`.
    static func text(_ number: Int, _ name: String) -> String {
        let digits = "\(number)"
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits + "_" + name
    }

    /// Returns the name that Django suggests for operations, without a number; nil if they have none.
    static func suggestion(for operations: [MigrationOperation]) -> String? {
        let fragments = operations.compactMap(\.nameFragment).map { fragment in
            // Each run of other characters becomes one underscore.
            fragment.split { !($0.isLetter || $0.isNumber || $0 == "_") }.joined(separator: "_")
        }
        guard let first = fragments.first, fragments.count == operations.count else { return nil }
        var name = first
        for fragment in fragments.dropFirst() {
            guard name.count + 1 + fragment.count <= 52 else { return name + "_and_more" }
            name += "_" + fragment
        }
        return name
    }
}
