import SwiftSyntax

/// A stored property of a model, as its declaration says.
struct ModelField {
    /// The name of the property as written, with backticks if it is a keyword.
    let name: String
    /// The type as written.
    let type: TypeSyntax
    /// The expression after `=`, if there is one.
    let initial: ExprSyntax?
    /// The options by name, with the arguments as written: `["Unique": "", "MaxLength": "200"]`.
    let options: [String: String]
    /// The declaration, for diagnostics.
    let syntax: VariableDeclSyntax

    /// The name of the property without backticks.
    var plainName: String { name.filter { $0 != "`" } }

    /// Whether the property refers to a row of another model, whose type is `Target` in `Target.ID`.
    var isForeignKey: Bool { options["ForeignKey"] != nil }

    /// The name of the column, as Django derives it: `created_at` for `createdAt`, and `owner_id` for a foreign key
    /// `owner`.
    var column: String {
        if let given = options["Column"] { return given }
        return "\"" + Self.snakeCase(plainName) + (isForeignKey ? "_id" : "") + "\""
    }

    /// Returns `name` in snake case. Adjacent capital letters form one word: `image_url` for `imageURL`.
    static func snakeCase(_ name: String) -> String {
        let letters = Array(name)
        var words = ""
        for (index, letter) in letters.enumerated() {
            if letter.isUppercase, index > 0 {
                let beginsWord = !letters[index - 1].isUppercase
                let endsCapitals = index + 1 < letters.count && letters[index + 1].isLowercase
                if beginsWord || endsCapitals { words += "_" }
            }
            words += letter.lowercased()
        }
        return words
    }

    /// The options that the macro knows.
    static let optionNames: Set<String> = ["Column", "ForeignKey", "MaxLength", "Unique", "Indexed"]
}
