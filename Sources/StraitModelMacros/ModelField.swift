import SwiftSyntax

/// A stored property of a model, or a many-to-many property, as its declaration says.
struct ModelField {
    /// The name of the property as written, with backticks if it is a keyword.
    let name: String
    /// The type as written.
    let type: String
    /// The expression after `=`, if there is one.
    let initial: String?
    /// Whether the expression after `=` is a literal.
    let hasLiteralValue: Bool
    /// The options in the order of their attributes.
    let options: [FieldOption]
    /// The declaration, for diagnostics.
    let syntax: VariableDeclSyntax

    /// The name of the property without backticks.
    var plainName: String { name.filter { $0 != "`" } }

    /// The name of the property of a draft that returns the expression after `=`.
    var initialName: String { "initial" + plainName.prefix(1).uppercased() + plainName.dropFirst() }

    /// Whether the property has the option.
    func has(_ option: String) -> Bool { options.contains { $0.name == option } }

    /// Whether the property refers to a row of another model, whose type is `Target` in `Target.ID`.
    var isReference: Bool { has("ForeignKey") || has("OneToOne") }

    /// Whether the property links to rows of another model, whose type is `Target` in `Links<Target>`.
    var isLink: Bool { has("ManyToMany") }

    /// Whether the type is an optional.
    var isOptional: Bool { type.hasSuffix("?") }

    /// The type without `?`.
    var wrappedType: String { isOptional ? String(type.dropLast()) : type }

    /// The model that a foreign key or a many-to-many field refers to: `User` for `User.ID?` and for `Links<User>`.
    var target: String {
        isLink
            ? String(type.dropFirst("Links<".count).dropLast())
            : String(wrappedType.dropLast(".ID".count))
    }

    /// The type in the database: the type of the property, or its wrapper for JSON.
    var storedType: String { has("JSON") ? "StoredJSON<\(wrappedType)>" + (isOptional ? "?" : "") : type }

    /// The expression of the value that is stored, for the property's value `value`.
    func stored(_ value: String) -> String {
        guard has("JSON") else { return value }
        return isOptional ? "\(value).map { StoredJSON($0) }" : "StoredJSON(\(value))"
    }

    /// The expression that reads the property from the column at an index.
    func reading(_ index: String) -> String {
        has("JSON")
            ? "(try row.read(\(index)) as \(storedType))\(isOptional ? "?" : "").value" : "try row.read(\(index))"
    }

    /// Whether the framework gives a new row its value, so that a draft has none.
    var isAutomatic: Bool { has("AutoNow") || has("AutoNowAdd") }

    /// Whether the database gives a new row its value unless the draft has one.
    var hasDatabaseDefault: Bool { has("DatabaseDefault") }

    /// The name of the field in Django, as an expression: `"created_at"` for `createdAt`.
    var djangoName: String { "\"" + Self.snakeCase(plainName) + "\"" }

    /// The name of the column, as an expression: `"owner_id"` for a foreign key `owner`.
    var column: String {
        if let given = options.first(where: { $0.name == "Column" }) { return given.arguments }
        return "\"" + Self.snakeCase(plainName) + (isReference ? "_id" : "") + "\""
    }

    /// The options as a list of expressions: `[.maxLength(3), .unique]`.
    var optionList: String {
        let list = options.filter { !["Column", "JSON", "ManyToMany"].contains($0.name) }.map { option in
            let name =
                option.name == "URLString" ? "urlString" : option.name.prefix(1).lowercased() + option.name.dropFirst()
            let first = isReference && ["ForeignKey", "OneToOne"].contains(option.name) ? "\(target).self, " : ""
            return ".\(name)" + (option.hasArguments ? "(\(first)\(option.arguments))" : "")
        }
        let value = initial.map { [".initial({ \(stored("((\($0)) as \(type))")) })"] } ?? []
        return "[" + (list + value).joined(separator: ", ") + "]"
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
}

/// An attribute of a property that the macro knows.
struct FieldOption {
    /// The name of the attribute: `MaxLength`.
    let name: String
    /// The arguments as written, without parentheses.
    let arguments: String
    /// Whether the attribute has parentheses with arguments.
    var hasArguments: Bool { !arguments.isEmpty }

    /// The names of all options.
    static let names: Set<String> = [
        "AutoNow", "AutoNowAdd", "Blank", "Column", "DatabaseDefault", "Digits", "Email", "ForeignKey", "Indexed",
        "JSON", "Label", "ManyToMany", "MaxLength", "NotEditable", "OneToOne", "Positive", "PrimaryKey", "Slug",
        "URLString", "Unique", "Upload",
    ]

    /// Creates the option of an attribute, or nil if it is no option. The attribute may name the module:
    /// `@StraitModels.Unique`.
    init?(_ attribute: AttributeSyntax) {
        let written = attribute.attributeName.trimmedDescription
        let name = written.split(separator: ".").last.map(String.init) ?? written
        guard Self.names.contains(name) else { return nil }
        self.name = name
        arguments = attribute.arguments?.as(LabeledExprListSyntax.self)?.trimmedDescription ?? ""
    }
}
