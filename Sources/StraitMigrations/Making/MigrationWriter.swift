internal import StraitDatabase
internal import StraitModels

/// Writes a migration as a Swift file, in the format of `swift format`.
package struct MigrationWriter {
    private let node: MigrationNode
    /// The label that the app has by its module, or nil if it is unknown.
    private let moduleApp: String?
    private static let width = 120

    /// Creates a writer.
    ///
    /// - Parameters:
    ///   - node: The migration.
    ///   - moduleApp: The label that the app has by its module. If the app has another one, the file names it.
    package init(_ node: MigrationNode, moduleApp: String? = nil) {
        self.node = node
        self.moduleApp = moduleApp
    }

    /// The name of the type, which is the migration's name after an `M`.
    private var typeName: String {
        "M" + String(node.name.name.unicodeScalars.map { $0.properties.isXIDContinue ? Character($0) : "_" })
    }

    /// The name of the file.
    package var fileName: String { node.name.name + ".swift" }

    /// The text of the file.
    package var text: String {
        var lines = ["import Strait", "", "struct \(typeName): Migration {"]
        if typeName.dropFirst() != node.name.name[...] {
            lines.append("    static let name = \(OperationSource.literal(node.name.name))")
        }
        if let moduleApp, moduleApp != node.name.app {
            lines.append("    static let app = \(OperationSource.literal(node.name.app))")
        }
        if !node.dependencies.isEmpty {
            let names = node.dependencies.map { OperationSource.literal($0.description) }
            lines += Self.array("static let dependencies = ", names, indent: 4)
        }
        if !node.isAtomic { lines.append("    static let isAtomic = false") }
        let start = "    static let operations: [MigrationOperation] = ["
        if node.operations.isEmpty {
            lines.append(start + "]")
        } else {
            lines.append(start)
            for (index, operation) in node.operations.enumerated() {
                // A list of one element has no comma at its end.
                lines += Call(operation, in: node.name.app).lines(
                    indent: 8, hasComma: node.operations.count > 1 || index > 0)
            }
            lines.append("    ]")
        }
        return (lines + ["}", ""]).joined(separator: "\n")
    }

    /// Returns a list on one line if it fits, and otherwise one element per line.
    private static func array(_ start: String, _ elements: [String], indent: Int, end: String = "") -> [String] {
        let space = String(repeating: " ", count: indent)
        let line = space + start + "[" + elements.joined(separator: ", ") + "]" + end
        if line.count <= width { return [line] }
        let comma = elements.count > 1 ? "," : ""
        return [space + start + "["] + elements.map { space + "    " + $0 + comma } + [space + "]" + end]
    }

    /// A call of a function that makes an operation.
    private struct Call {
        enum Argument {
            case text(String)
            case list(String, [String])

            var line: String {
                switch self {
                case .text(let text): text
                case .list(let label, let elements): label + "[" + elements.joined(separator: ", ") + "]"
                }
            }
        }

        let name: String
        let arguments: [Argument]

        init(_ operation: MigrationOperation, in app: String) {
            func text(_ name: String) -> Argument { .text(OperationSource.literal(name)) }
            func filling(_ value: DatabaseDefault?) -> [Argument] {
                value.map { [.text("filling: " + $0.source)] } ?? []
            }
            func concurrently(_ value: Bool) -> [Argument] { value ? [.text("concurrently: true")] : [] }
            switch operation.kind {
            case .createModel(
                let model, let table, let fields, let uniqueTogether, let indexes, let constraints, let isManaged):
                name = "createModel"
                var list: [Argument] = [text(model)]
                if let table { list.append(.text("table: " + OperationSource.literal(table))) }
                list.append(.list("fields: ", fields.map { OperationSource.field($0, in: app) }))
                if !uniqueTogether.isEmpty {
                    list.append(.list("uniqueTogether: ", uniqueTogether.map(OperationSource.list)))
                }
                if !indexes.isEmpty { list.append(.list("indexes: ", indexes.map(OperationSource.index))) }
                if !constraints.isEmpty {
                    list.append(.list("constraints: ", constraints.map(OperationSource.constraint)))
                }
                if !isManaged { list.append(.text("isManaged: false")) }
                arguments = list
            case .deleteModel(let model): (name, arguments) = ("deleteModel", [text(model)])
            case .renameModel(let model, let newName):
                (name, arguments) = ("renameModel", [text(model), .text("to: " + OperationSource.literal(newName))])
            case .alterTable(let model, let table):
                let table = table.map(OperationSource.literal) ?? "nil"
                (name, arguments) = ("alterTable", [text(model), .text("to: " + table)])
            case .alterOptions(let model, let isManaged):
                (name, arguments) = ("alterOptions", [text(model), .text("isManaged: \(isManaged)")])
            case .addField(let model, let field, let value):
                name = "addField"
                arguments = [text(model), .text(OperationSource.field(field, in: app))] + filling(value)
            case .removeField(let model, let field): (name, arguments) = ("removeField", [text(model), text(field)])
            case .alterField(let model, let field, let value):
                name = "alterField"
                arguments = [text(model), .text(OperationSource.field(field, in: app))] + filling(value)
            case .renameField(let model, let field, let newName):
                name = "renameField"
                arguments = [text(model), text(field), .text("to: " + OperationSource.literal(newName))]
            case .addIndex(let model, let index, let isConcurrent):
                name = "addIndex"
                arguments = [text(model), .text(OperationSource.index(index))] + concurrently(isConcurrent)
            case .removeIndex(let model, let index, let isConcurrent):
                (name, arguments) = ("removeIndex", [text(model), text(index)] + concurrently(isConcurrent))
            case .renameIndex(let model, let index, let newName):
                name = "renameIndex"
                arguments = [text(model), text(index), .text("to: " + OperationSource.literal(newName))]
            case .addConstraint(let model, let constraint):
                (name, arguments) = ("addConstraint", [text(model), .text(OperationSource.constraint(constraint))])
            case .removeConstraint(let model, let constraint):
                (name, arguments) = ("removeConstraint", [text(model), text(constraint)])
            case .alterUniqueTogether(let model, let columns):
                name = "alterUniqueTogether"
                arguments = [text(model), .list("", columns.map(OperationSource.list))]
            case .runSQL(let statements, let reverse):
                name = "runSQL"
                arguments =
                    statements.map(text) + (reverse.map { [.list("reverse: ", $0.map(OperationSource.literal))] } ?? [])
            case .run: (name, arguments) = ("run", [.text("forward: { database, tables in }")])
            }
        }

        func lines(indent: Int, hasComma: Bool) -> [String] {
            let space = String(repeating: " ", count: indent)
            let end = ")" + (hasComma ? "," : "")
            let line = space + "." + name + "(" + arguments.map(\.line).joined(separator: ", ") + end
            if line.count <= MigrationWriter.width { return [line] }
            var lines = [space + "." + name + "("]
            for (index, argument) in arguments.enumerated() {
                let end = index == arguments.count - 1 ? end : ","
                switch argument {
                case .text(let text): lines.append(space + "    " + text + end)
                case .list(let label, let elements):
                    lines += MigrationWriter.array(label, elements, indent: indent + 4, end: end)
                }
            }
            return lines
        }
    }
}
