import SwiftDiagnostics
import SwiftSyntax
import SwiftSyntaxBuilder
import SwiftSyntaxMacros

/// The expansion of `@Model`: the ID, the columns, and the code that reads a row. The attribute's documentation says
/// what a model is.
struct ModelMacro: MemberMacro, ExtensionMacro {
    static func expansion(
        of node: AttributeSyntax, providingMembersOf declaration: some DeclGroupSyntax,
        conformingTo protocols: [TypeSyntax], in context: some MacroExpansionContext
    ) throws -> [DeclSyntax] {
        guard let model = declaration.as(StructDeclSyntax.self) else {
            throw ModelMistake("@Model is for a struct. Declare the model as `struct`.")
        }
        let access =
            model.modifiers.first { ["public", "package"].contains($0.name.text) }.map { "\($0.name.text) " } ?? ""
        let fields = try ModelReader(declaration, context).fields
        let name = model.name.text
        let parameters = (["id: ID"] + fields.map { "\($0.name): \($0.type.trimmed)" }).joined(separator: ", ")
        let assignments = (["id"] + fields.map(\.name)).map { "self.\($0) = \($0)" }.joined(separator: "\n")
        let reads = (["id"] + fields.map(\.name)).enumerated()
            .map { "self.\($0.element) = try row.read(\($0.offset))" }.joined(separator: "\n")
        let metadata = fields.map { field in
            "ModelField(\"\(field.plainName)\", column: \(field.column), type: \(field.type.trimmed).self"
                + (field.options["MaxLength"].map { ", maxLength: \($0)" } ?? "")
                + (field.options["Unique"] != nil ? ", isUnique: true" : "")
                + (field.options["Indexed"] != nil ? ", isIndexed: true" : "")
                + (field.options["ForeignKey"].map { ", reference: ModelReference(\(target(of: field)).self, \($0))" }
                    ?? "")
                + ")"
        }
        return [
            "\(raw: access)typealias ID = ModelID<\(raw: name)>",
            "\(raw: access)let id: ID",
            "\(raw: access)init(\(raw: parameters)) {\n\(raw: assignments)\n}",
            "\(raw: access)init(row: borrowing DatabaseRow) throws(DatabaseError) {\n\(raw: reads)\n}",
            """
            \(raw: access)static let table = ModelTable(
                \(raw: name).self, name: \(raw: tableName(node)),
                fields: [\(raw: metadata.joined(separator: ", "))])
            """,
            """
            \(raw: access)var fieldValues: [any DatabaseConvertible] {
                [\(raw: fields.map(\.name).joined(separator: ", "))]
            }
            """,
            columns(of: name, fields, access),
            draft(of: name, fields, access),
        ]
    }

    static func expansion(
        of node: AttributeSyntax, attachedTo declaration: some DeclGroupSyntax,
        providingExtensionsOf type: some TypeSyntaxProtocol, conformingTo protocols: [TypeSyntax],
        in context: some MacroExpansionContext
    ) throws -> [ExtensionDeclSyntax] {
        guard declaration.is(StructDeclSyntax.self) else { return [] }
        return [try ExtensionDeclSyntax("extension \(type.trimmed): Model {}")]
    }

    /// The argument `table` of `@Model(table: "…")`, or nil.
    private static func tableName(_ node: AttributeSyntax) -> String {
        guard let arguments = node.arguments?.as(LabeledExprListSyntax.self),
            let table = arguments.first(where: { $0.label?.text == "table" })
        else { return "nil" }
        return table.expression.trimmedDescription
    }

    /// The model that a foreign key refers to: `User` for `User.ID` or `User.ID?`.
    private static func target(of field: ModelField) -> String {
        var type = field.type.trimmedDescription
        if type.hasSuffix("?") { type.removeLast() }
        return String(type.dropLast(".ID".count))
    }

    private static func draft(of name: String, _ fields: [ModelField], _ access: String) -> DeclSyntax {
        let properties = fields.map { "\(access)var \($0.name): \($0.type.trimmed)" }
        let parameters = fields.map { field in
            let type = field.type.trimmedDescription
            let initial = field.initial?.trimmedDescription ?? (type.hasSuffix("?") ? "nil" : nil)
            return "\(field.name): \(type)" + (initial.map { " = \($0)" } ?? "")
        }
        let assignments = fields.map { "self.\($0.name) = \($0.name)" }
        return """
            \(raw: access)struct Draft: ModelDraft {
                \(raw: access)typealias Owner = \(raw: name)
                \(raw: properties.joined(separator: "\n"))
                \(raw: access)init(\(raw: parameters.joined(separator: ", "))) {
                    \(raw: assignments.joined(separator: "\n"))
                }
                \(raw: access)var fieldValues: [any DatabaseConvertible] {
                    [\(raw: fields.map(\.name).joined(separator: ", "))]
                }
            }
            """
    }

    private static func columns(of name: String, _ fields: [ModelField], _ access: String) -> DeclSyntax {
        let properties = fields.map { field in
            let type = field.type.trimmedDescription
            let column = field.isForeignKey ? "ForeignKeyColumn<\(target(of: field)), \(type)>" : "Column<\(type)>"
            return "\(access)var \(field.name): \(column) { .init(\(field.column), at: joinPath) }"
        }
        return """
            \(raw: access)struct Columns: ModelColumns {
                \(raw: access)typealias Owner = \(raw: name)
                private let joinPath: JoinPath
                \(raw: access)init(path: JoinPath) { joinPath = path }
                \(raw: access)var id: Column<ID> { .init("id", at: joinPath) }
                \(raw: properties.joined(separator: "\n"))
            }
            """
    }
}

/// An option of a field, such as `@Unique`. It has no expansion of its own: `@Model` reads it.
struct FieldOptionMacro: PeerMacro {
    static func expansion(
        of node: AttributeSyntax, providingPeersOf declaration: some DeclSyntaxProtocol,
        in context: some MacroExpansionContext
    ) throws -> [DeclSyntax] {
        []
    }
}

/// A mistake in a model's declaration, with advice.
struct ModelMistake: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
