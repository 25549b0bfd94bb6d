package import StraitDatabase

/// The other model of a foreign key.
public struct ModelReference: Sendable {
    /// The name of the other model.
    public let model: ModelName
    /// The action on the row if the row that it refers to is deleted.
    public let onDelete: DeleteRule
    /// The name of the reverse relation, from the other model to this one; Django's `related_name`.
    public let relatedName: String?
    /// The other model's table, or nil in a migration. It is read late, because two models may refer to each other.
    package let table: (@Sendable () -> ModelTable)?
    /// Returns all rows of the other model with their labels, for the choices of a form; nil in a migration.
    package let choices: (@Sendable (Database) async throws -> [RowChoice])?
    /// Returns the links of the row with an ID to rows of the other model; nil in a migration.
    package let links: (@Sendable (ModelLink, any DatabaseConvertible) -> any RowLinks)?

    /// Creates a reference to a model.
    public init<M: Model>(_ model: M.Type, onDelete: DeleteRule, relatedName: String? = nil) {
        self.model = M.modelName
        self.onDelete = onDelete
        self.relatedName = relatedName
        table = { M.table }
        choices = { database in
            try await M.objects.all(in: database).map { row in
                let label = (row as? any CustomStringConvertible)?.description ?? "\(M.self) object (\(row.id))"
                return RowChoice(id: row.id, label: label)
            }
        }
        links = { link, source in Links<M>(link, of: source) }
    }

    /// Creates a reference to a model by name. Migrations do this.
    public init(_ model: ModelName, onDelete: DeleteRule, relatedName: String? = nil) {
        self.model = model
        self.onDelete = onDelete
        self.relatedName = relatedName
        table = nil
        choices = nil
        links = nil
    }
}

/// A row as a choice of a form.
package struct RowChoice: Sendable {
    /// The row's ID.
    package let id: any DatabaseConvertible
    /// The row's description.
    package let label: String
}

extension ModelReference: Hashable {
    /// Whether both refer to the same model in the same way.
    public static func == (left: ModelReference, right: ModelReference) -> Bool {
        left.model == right.model && left.onDelete == right.onDelete && left.relatedName == right.relatedName
    }

    /// Adds the properties that `==` compares.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(model)
        hasher.combine(onDelete)
        hasher.combine(relatedName)
    }
}

/// The action on a row if the row that its foreign key refers to is deleted; Django's `on_delete`.
public enum DeleteRule: Sendable, Hashable {
    /// Deletes this row as well.
    case cascade
    /// Rejects the deletion.
    case protect
    /// Rejects the deletion, unless the same deletion also reaches this row through a cascade.
    case restrict
    /// Sets the foreign key to `NULL`. It must be optional.
    case setNull
    /// Sets the foreign key to its database default.
    case setDefault
    /// Does nothing. The database then refuses the deletion.
    case doNothing
}

/// The name of a model: the label of its app and its own name, as Django writes them: `gallery.Photo`.
public struct ModelName: Sendable, Hashable, Comparable, CustomStringConvertible, LosslessStringConvertible {
    /// The label of the app: its module's name in snake case, unless `@Model(app:)` gives another.
    public let app: String
    /// The name of the model, such as `Photo`.
    public let name: String

    /// Creates a name.
    public init(app: String, name: String) {
        self.app = app
        self.name = name
    }

    /// Reads `gallery.Photo`. Returns nil for other text.
    public init?(_ description: String) {
        let parts = description.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else { return nil }
        self.init(app: String(parts[0]), name: String(parts[1]))
    }

    /// Creates the name of a model's type. A nested type has its own name only.
    ///
    /// - Parameter app: The label of the app, or nil for the name of the type's module.
    public init<M>(_ model: M.Type, app: String?) {
        let parts = String(reflecting: model).split(separator: ".")
        self.init(app: app ?? parts.first.map { Self.snakeCase($0) } ?? "", name: parts.last.map(String.init) ?? "")
    }

    /// Whether `left` comes first, by app and name.
    public static func < (left: ModelName, right: ModelName) -> Bool {
        (left.app, left.name) < (right.app, right.name)
    }

    /// Both names with a point between them.
    public var description: String { "\(app).\(name)" }

    /// Django's name of the model's table: `gallery_photo`.
    public var tableName: String { "\(app)_\(name.lowercased())" }

    /// The model's name for people: `blog post` for `BlogPost`.
    public var verboseName: String {
        var text = ""
        let letters = Array(name)
        for (index, letter) in letters.enumerated() {
            let isStart = letter.isUppercase && index > 0
            if isStart,
                !letters[index - 1].isUppercase || letters.indices.contains(index + 1) && letters[index + 1].isLowercase
            {
                text += " "
            }
            text += letter.lowercased()
        }
        return text
    }

    private static func snakeCase(_ name: Substring) -> String {
        var text = ""
        var wasLower = false
        for letter in name {
            if letter.isUppercase, wasLower { text += "_" }
            wasLower = !letter.isUppercase
            text += letter.lowercased()
        }
        return text
    }
}
