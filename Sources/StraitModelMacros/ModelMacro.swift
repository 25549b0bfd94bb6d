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
        return ModelExpansion(model, node, try ModelReader(declaration, context)).members
    }

    static func expansion(
        of node: AttributeSyntax, attachedTo declaration: some DeclGroupSyntax,
        providingExtensionsOf type: some TypeSyntaxProtocol, conformingTo protocols: [TypeSyntax],
        in context: some MacroExpansionContext
    ) throws -> [ExtensionDeclSyntax] {
        guard declaration.is(StructDeclSyntax.self) else { return [] }
        return [try ExtensionDeclSyntax("extension \(type.trimmed): Model {}")]
    }
}

/// The members that `@Model` adds to a struct.
struct ModelExpansion {
    private let name: String
    private let access: String
    private let fields: [ModelField]
    private let links: [ModelField]
    private let linkPlaces: [Int]
    private let key: ModelField?
    private let arguments: [String: String]

    init(_ model: StructDeclSyntax, _ node: AttributeSyntax, _ reader: ModelReader) {
        name = model.name.text
        access =
            model.modifiers.first { ["public", "package"].contains($0.name.text) }.map { "\($0.name.text) " } ?? ""
        fields = reader.fields
        links = reader.links
        linkPlaces = reader.linkPlaces
        key = reader.fields.first { $0.has("PrimaryKey") }
        var arguments: [String: String] = [:]
        for argument in node.arguments?.as(LabeledExprListSyntax.self) ?? [] {
            arguments[argument.label?.text ?? ""] = argument.expression.trimmedDescription
        }
        self.arguments = arguments
    }

    /// Whether the database assigns the ID, which then is no field of the declaration.
    private var hasAutomaticID: Bool { key == nil }

    var members: [DeclSyntax] {
        identity + [
            "\(raw: access)init(\(raw: parameters)) {\n\(raw: assignments)\n}",
            "\(raw: access)init(row: borrowing DatabaseRow, at start: Int) throws(DatabaseError) {\n\(raw: reads)\n}",
            """
            \(raw: access)static var modelName: ModelName {
                ModelName(\(raw: name).self, app: \(raw: arguments["app"] ?? "nil"))
            }
            """,
            """
            \(raw: access)static let table = ModelTable(
                \(raw: name).self, name: \(raw: arguments["table"] ?? "nil"),
                fields: [\(raw: metadata.joined(separator: ",\n"))],
                links: [\(raw: linkMetadata.joined(separator: ",\n"))])
            """,
            "\(raw: access)static let statements = ModelStatements(table)",
            """
            \(raw: access)var fieldValues: [any DatabaseConvertible] {
                [\(raw: ((hasAutomaticID ? ["id"] : []) + fields.map { $0.stored($0.name) }).joined(separator: ", "))]
            }
            """,
            columns, draft,
        ]
    }

    private var identity: [DeclSyntax] {
        if let key {
            let alias: DeclSyntax = "\(raw: access)typealias ID = \(raw: key.type)"
            return [alias] + (key.plainName == "id" ? [] : ["\(raw: access)var id: ID { \(raw: key.name) }"])
        }
        return ["\(raw: access)typealias ID = ModelID<\(raw: name)>", "\(raw: access)let id: ID"]
    }

    private var parameters: String {
        ((hasAutomaticID ? ["id: ID"] : []) + fields.map { "\($0.name): \($0.type)" }).joined(separator: ", ")
    }

    private var assignments: String {
        ((hasAutomaticID ? ["id"] : []) + fields.map(\.name)).map { "self.\($0) = \($0)" }.joined(separator: "\n")
    }

    private var reads: String {
        let offset = hasAutomaticID ? 1 : 0
        return
            ((hasAutomaticID ? ["self.id = try row.read(start)"] : [])
            + fields.enumerated().map {
                "self.\($0.element.name) = \($0.element.reading("start + \($0.offset + offset)"))"
            })
            .joined(separator: "\n")
    }

    private var metadata: [String] {
        let id = "ModelField(\"id\", name: \"id\", column: \"id\", ID.self, [.id(\(arguments["id"] ?? "nil"))])"
        return (hasAutomaticID ? [id] : [])
            + fields.map { field in
                "ModelField(\"\(field.plainName)\", name: \(field.djangoName), column: \(field.column), "
                    + "\(field.storedType).self, \(field.optionList))"
            }
    }

    private var linkMetadata: [String] {
        zip(links, linkPlaces).map { link, place in
            let through = link.options.first { $0.name == "ManyToMany" }?.arguments ?? ""
            return "ModelLink(\"\(link.plainName)\", name: \(link.djangoName), to: \(link.target).self"
                + (through.isEmpty ? "" : ", " + through) + ", \(link.optionList), after: \(place))"
        }
    }

    private var columns: DeclSyntax {
        let properties = fields.map { field in
            let column =
                field.isReference
                ? "StraitModels.\(field.isOptional ? "Optional" : "")ForeignKeyColumn<\(field.target)>"
                : "StraitModels.Column<\(field.storedType)>"
            return "\(access)var \(field.name): \(column) { .init(\(field.column), at: joinPath) }"
        }
        let linkProperties = links.map { link in
            "\(access)var \(link.name): StraitModels.LinksColumn<\(name), \(link.target)> "
                + "{ .init(\(link.djangoName), at: joinPath) }"
        }
        let id = key.map { "\(access)var id: StraitModels.Column<ID> { .init(\($0.column), at: joinPath) }" }
        let hasOwn = key?.plainName == "id"
        return """
            \(raw: access)struct Columns: ModelColumns {
                \(raw: access)typealias OwnerModel = \(raw: name)
                private let joinPath: JoinPath
                \(raw: access)init(path: JoinPath) { joinPath = path }
                \(raw: hasOwn ? "" : id ?? "\(access)var id: StraitModels.Column<ID> { .init(\"id\", at: joinPath) }")
                \(raw: (properties + linkProperties).joined(separator: "\n"))
            }
            """
    }

    /// The default argument for a field with an initial value.
    private func argument(_ field: ModelField) -> String {
        let initial = field.initial ?? "nil"
        return access.isEmpty || field.hasLiteralValue ? initial : "Draft." + field.initialName
    }

    private var draft: DeclSyntax {
        let given = fields.filter { !$0.isAutomatic }
        func type(_ field: ModelField) -> String {
            field.hasDatabaseDefault && !field.isOptional ? field.type + "?" : field.type
        }
        let properties = given.map { "\(access)var \($0.name): \(type($0))" }
        let parameters = given.map { field in
            let initial = field.initial.map { _ in argument(field) } ?? (type(field).hasSuffix("?") ? "nil" : nil)
            return "\(field.name): \(type(field))" + (initial.map { " = \($0)" } ?? "")
        }
        // The default argument of a public initializer cannot name what only the module sees.
        let initials = given.compactMap { field -> String? in
            guard let initial = field.initial, argument(field) != initial else { return nil }
            return "@usableFromInline static var \(field.initialName): \(type(field)) { \(initial) }"
        }
        let values = fields.map { field in
            if field.isAutomatic { return "AutomaticValue()" }
            if field.hasDatabaseDefault {
                return "\(field.name).map { \(field.stored("$0")) as any DatabaseConvertible } ?? AutomaticValue()"
            }
            return field.stored(field.name)
        }
        return """
            \(raw: access)struct Draft: ModelDraft {
                \(raw: access)typealias OwnerModel = \(raw: name)
                \(raw: properties.joined(separator: "\n"))
                \(raw: initials.joined(separator: "\n"))
                \(raw: access)init(\(raw: parameters.joined(separator: ", "))) {
                    \(raw: given.map { "self.\($0.name) = \($0.name)" }.joined(separator: "\n"))
                }
                \(raw: access)var fieldValues: [any DatabaseConvertible] {
                    [\(raw: values.joined(separator: ", "))]
                }
            }
            """
    }
}

/// A mistake in a model's declaration, with advice.
struct ModelMistake: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
