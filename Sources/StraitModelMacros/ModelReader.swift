import SwiftDiagnostics
import SwiftSyntax
import SwiftSyntaxMacros

/// The reader of a model's declaration. Each mistake is reported at its place, with what to write in its stead.
struct ModelReader {
    /// The stored properties.
    private(set) var fields: [ModelField] = []
    /// The many-to-many properties.
    private(set) var links: [ModelField] = []
    /// The numbers of stored properties before each of the many-to-many ones.
    private(set) var linkPlaces: [Int] = []
    private let context: any MacroExpansionContext
    /// The name of the model, for which `Self` stands in its declaration.
    private let model: String
    private var isValid = true

    init(_ declaration: some DeclGroupSyntax, _ context: some MacroExpansionContext) throws {
        self.context = context
        model = declaration.as(StructDeclSyntax.self)?.name.text ?? "Self"
        for member in declaration.memberBlock.members {
            guard let variable = member.decl.as(VariableDeclSyntax.self) else { continue }
            let options = variable.attributes.compactMap { $0.as(AttributeSyntax.self).flatMap(FieldOption.init) }
            guard Self.isStored(variable) || options.contains(where: { $0.name == "ManyToMany" }) else { continue }
            for binding in variable.bindings { read(binding, variable, options) }
        }
        if ["ID", "Columns", "Draft"].contains(model) {
            report("@Model declares a type `\(model)` inside of each model. Rename this one.", at: declaration)
        }
        if fields.count(where: { $0.has("PrimaryKey") }) > 1 {
            report("A model has one primary key. Remove @PrimaryKey from all fields but one.", at: declaration)
        }
        if !isValid { (fields, links) = ([], []) }
    }

    private mutating func report(_ text: String, at node: some SyntaxProtocol) {
        isValid = false
        context.diagnose(Diagnostic(node: Syntax(node), message: Mistake(text)))
    }

    private mutating func read(
        _ binding: PatternBindingSyntax, _ variable: VariableDeclSyntax, _ options: [FieldOption]
    ) {
        guard let name = binding.pattern.as(IdentifierPatternSyntax.self)?.identifier.text else {
            return report("A field of a model needs a single name. Write `var caption: String`.", at: binding.pattern)
        }
        guard let type = binding.typeAnnotation?.type else {
            return report("A field of a model needs a type. Write `var \(name): String`.", at: binding)
        }
        let field = ModelField(
            name: name, type: named(type.trimmedDescription),
            initial: binding.initializer.map { named($0.value.trimmedDescription) },
            hasLiteralValue: binding.initializer.map { Self.isLiteral($0.value) } ?? false,
            options: options, syntax: variable)
        let isKey = name == "id" && field.has("PrimaryKey")
        if ["id", "table", "modelName", "fieldValues", "joinPath", "objects", "options"].contains(name), !isKey {
            let advice = name == "id" ? "Remove it, or write `@PrimaryKey` before it." : "Rename this property."
            return report("@Model declares `\(name)` itself. \(advice)", at: binding)
        }
        if variable.bindingSpecifier.text == "let", binding.initializer != nil {
            return report("A field with a default value must be a variable. Write `var \(name)`.", at: binding)
        }
        if field.isLink {
            guard field.type.hasPrefix("Links<"), field.type.hasSuffix(">") else {
                return report(
                    "A many-to-many field needs the type Links. Write `@ManyToMany var \(name): Links<Tag>`.",
                    at: type)
            }
            let allowed = ["ManyToMany", "Blank", "Label", "NotEditable"]
            for option in options where !allowed.contains(option.name) {
                return report("@\(option.name) is not for a many-to-many field. Remove it.", at: variable)
            }
            linkPlaces.append(fields.count)
            return links.append(field)
        }
        check(field, type)
        fields.append(field)
    }

    /// Returns `text` with the name of the model in place of `Self`, which has another meaning in the generated types.
    private func named(_ text: String) -> String {
        // A point is no boundary of a word in Unicode.
        text.replacing(/\bSelf\b/.wordBoundaryKind(.simple)) { _ in model }
    }

    private mutating func check(_ field: ModelField, _ type: TypeSyntax) {
        if field.isReference, !Self.isID(field.wrappedType) {
            let attribute = field.has("OneToOne") ? "OneToOne" : "ForeignKey"
            report(
                "The type of a foreign key is the ID of its model. Write `@\(attribute)(onDelete: .cascade) "
                    + "var \(field.name): User.ID`, or `User.ID?` if it may be nil.", at: type)
        }
        for option in field.options where option.arguments.contains(".setNull") && !field.isOptional {
            report("A foreign key with .setNull must be optional. Write `\(field.type)?`, or another rule.", at: type)
        }
        if field.isAutomatic, field.initial != nil {
            report("The framework sets `\(field.name)`. Remove its default value.", at: field.syntax)
        }
        let isNumber = ["Int", "Int16", "Int32", "Int64", "Double", "Bool", "UUID"].contains(field.wrappedType)
        for option in ["MaxLength", "Slug", "Email", "URLString"] where isNumber && field.has(option) {
            report("@\(option) is for text. Remove it, or make `\(field.name)` a String.", at: field.syntax)
        }
    }

    /// Whether the variable is stored in each value of the model.
    private static func isStored(_ variable: VariableDeclSyntax) -> Bool {
        let isStatic = variable.modifiers.contains { ["static", "class"].contains($0.name.text) }
        return !isStatic
            && variable.bindings.allSatisfy { binding in
                guard let block = binding.accessorBlock else { return true }
                // A property with observers is stored.
                guard case .accessors(let accessors) = block.accessors else { return false }
                return accessors.allSatisfy { ["willSet", "didSet"].contains($0.accessorSpecifier.text) }
            }
    }

    /// Whether an expression is a literal, without the name of anything that only the module may see.
    private static func isLiteral(_ expression: ExprSyntax) -> Bool {
        if let text = expression.as(StringLiteralExprSyntax.self) {
            return text.segments.allSatisfy { $0.is(StringSegmentSyntax.self) }
        }
        return expression.is(IntegerLiteralExprSyntax.self) || expression.is(FloatLiteralExprSyntax.self)
            || expression.is(BooleanLiteralExprSyntax.self) || expression.is(NilLiteralExprSyntax.self)
    }

    private static func isID(_ type: String) -> Bool { type.hasSuffix(".ID") && type.count > 3 }
}

private struct Mistake: DiagnosticMessage {
    let message: String
    let severity = DiagnosticSeverity.error
    let diagnosticID = MessageID(domain: "StraitModels", id: "model")

    init(_ message: String) { self.message = message }
}
