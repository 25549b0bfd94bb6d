import SwiftDiagnostics
import SwiftSyntax
import SwiftSyntaxMacros

/// The reader of a model's declaration. Each mistake is reported at its place, with what to write in its stead.
struct ModelReader {
    private(set) var fields: [ModelField] = []

    init(_ declaration: some DeclGroupSyntax, _ context: some MacroExpansionContext) throws {
        var isValid = true
        func report(_ text: String, at node: some SyntaxProtocol) {
            isValid = false
            context.diagnose(Diagnostic(node: Syntax(node), message: Mistake(text)))
        }
        for member in declaration.memberBlock.members {
            guard let variable = member.decl.as(VariableDeclSyntax.self), Self.isStored(variable) else { continue }
            for binding in variable.bindings {
                guard let name = binding.pattern.as(IdentifierPatternSyntax.self)?.identifier.text else {
                    report("A field of a model has one name: `var caption: String`.", at: binding.pattern)
                    continue
                }
                guard let type = binding.typeAnnotation?.type else {
                    report("A field of a model needs its type: `var \(name): String`.", at: binding)
                    continue
                }
                if ["id", "table", "fieldValues", "joinPath", "objects"].contains(name) {
                    report("@Model declares `\(name)` itself. Remove or rename this property.", at: binding)
                    continue
                }
                if variable.bindingSpecifier.text == "let", binding.initializer != nil {
                    report("A field with a value is a variable: `var \(name)`.", at: binding)
                    continue
                }
                let field = ModelField(
                    name: name, type: type, initial: binding.initializer?.value, options: Self.options(variable),
                    syntax: variable)
                if field.isForeignKey, !Self.isID(type) {
                    report(
                        "A foreign key has the ID of its model as type: `@ForeignKey(onDelete: .cascade) var \(name): "
                            + "User.ID`, or `User.ID?` if it may be empty.", at: type)
                    continue
                }
                if field.options["ForeignKey"]?.contains(".setNull") == true, !type.trimmedDescription.hasSuffix("?") {
                    report(
                        "A foreign key with .setNull may be empty. Write `\(type.trimmedDescription)?`, or another "
                            + "rule.",
                        at: type)
                }
                if field.options["MaxLength"] != nil, !["String", "String?"].contains(type.trimmedDescription) {
                    report("@MaxLength is for text. Remove it, or make `\(name)` a String.", at: variable)
                }
                fields.append(field)
            }
        }
        if !isValid { fields = [] }
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

    private static func options(_ variable: VariableDeclSyntax) -> [String: String] {
        var options: [String: String] = [:]
        for attribute in variable.attributes.compactMap({ $0.as(AttributeSyntax.self) }) {
            let name = attribute.attributeName.trimmedDescription
            guard ModelField.optionNames.contains(name) else { continue }
            options[name] = attribute.arguments?.as(LabeledExprListSyntax.self)?.trimmedDescription ?? ""
        }
        return options
    }

    private static func isID(_ type: TypeSyntax) -> Bool {
        var text = type.trimmedDescription
        if text.hasSuffix("?") { text.removeLast() }
        return text.hasSuffix(".ID") && text.count > 3
    }
}

private struct Mistake: DiagnosticMessage {
    let message: String
    let severity = DiagnosticSeverity.error
    let diagnosticID = MessageID(domain: "StraitModels", id: "model")

    init(_ message: String) { self.message = message }
}
