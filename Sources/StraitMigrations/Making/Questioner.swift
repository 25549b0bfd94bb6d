internal import StraitDatabase
package import StraitModels

/// Answers the questions that the difference between two states leaves open; Django's `MigrationQuestioner`.
package protocol Questioner: Sendable {
    /// Whether a removed model was renamed to a new one.
    func isRenamed(_ old: ModelName, to new: ModelName) throws -> Bool

    /// Whether a removed field was renamed to a new one.
    func isRenamed(_ old: ModelField, to new: ModelField, of model: ModelName) throws -> Bool

    /// Returns the value of rows that have none, for a column that must not be empty.
    ///
    /// - Parameters:
    ///   - field: The field.
    ///   - model: Its model.
    ///   - isNew: Whether the field is new. Otherwise it was optional before.
    /// - Throws: ``MigrationError`` if there is no answer.
    func value(for field: ModelField, of model: ModelName, isNew: Bool) throws -> DatabaseDefault?
}

/// A questioner without a terminal: nothing is renamed, and a column without a value is an error.
package struct SilentQuestioner: Questioner {
    package init() {}

    package func isRenamed(_ old: ModelName, to new: ModelName) -> Bool { false }
    package func isRenamed(_ old: ModelField, to new: ModelField, of model: ModelName) -> Bool { false }

    package func value(
        for field: ModelField, of model: ModelName, isNew: Bool
    ) throws(MigrationError) -> DatabaseDefault? {
        throw MigrationError(
            "The field \(field.name) of \(model) must not be empty, but rows may exist that have no value. Make it "
                + "optional, give it a @DatabaseDefault, or run makemigrations on a terminal, which asks for a value.")
    }
}

/// A questioner that asks on a terminal.
package struct TerminalQuestioner: Questioner {
    private let ask: @Sendable (String) -> String?

    /// Creates a questioner.
    ///
    /// - Parameter ask: Prints a question and returns the line that the user enters, or nil at the end of the input.
    package init(ask: @escaping @Sendable (String) -> String?) {
        self.ask = ask
    }

    private func confirms(_ question: String) -> Bool {
        while let answer = ask(question + " [y/N] ")?.lowercased() {
            switch answer {
            case "y", "yes": return true
            case "", "n", "no": return false
            default: continue
            }
        }
        return false
    }

    package func isRenamed(_ old: ModelName, to new: ModelName) -> Bool {
        confirms("Was the model \(old) renamed to \(new.name)?")
    }

    package func isRenamed(_ old: ModelField, to new: ModelField, of model: ModelName) -> Bool {
        confirms("Was \(model).\(old.name) renamed to \(new.name) (a \(new.kind.djangoName))?")
    }

    package func value(
        for field: ModelField, of model: ModelName, isNew: Bool
    ) throws(MigrationError) -> DatabaseDefault? {
        let question = """
            The field \(field.name) of \(model) must not be empty, but rows may exist that have no value.
            Enter their value as a Swift literal (0, "text", true, .now), or nothing to stop:\u{20}
            """
        while let answer = ask(question), !answer.isEmpty {
            if let value = DatabaseDefault(source: answer) { return value }
        }
        throw MigrationError(
            "No value for the field \(field.name) of \(model), so nothing was written. Make it optional, or give it a "
                + "@DatabaseDefault.")
    }
}
