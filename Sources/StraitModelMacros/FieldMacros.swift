import SwiftSyntax
import SwiftSyntaxBuilder
import SwiftSyntaxMacros

/// An option of a field, such as `@Unique`. It has no expansion of its own: `@Model` reads it.
struct FieldOptionMacro: PeerMacro {
    static func expansion(
        of node: AttributeSyntax, providingPeersOf declaration: some DeclSyntaxProtocol,
        in context: some MacroExpansionContext
    ) throws -> [DeclSyntax] {
        []
    }
}

/// The expansion of `@ManyToMany`: a getter that returns the links of the row.
struct ManyToManyMacro: AccessorMacro {
    static func expansion(
        of node: AttributeSyntax, providingAccessorsOf declaration: some DeclSyntaxProtocol,
        in context: some MacroExpansionContext
    ) throws -> [AccessorDeclSyntax] {
        guard let variable = declaration.as(VariableDeclSyntax.self), let binding = variable.bindings.first,
            let name = binding.pattern.as(IdentifierPatternSyntax.self)?.identifier.text
        else { throw ModelMistake("@ManyToMany is for a property: `@ManyToMany var tags: Links<Tag>`.") }
        return ["get { Links(of: self, \"\(raw: name.filter { $0 != "`" })\") }"]
    }
}
