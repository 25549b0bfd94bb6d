/// One option of a command, bound to the property that it sets. Help texts and errors are made from what is said here.
///
/// ```swift
/// struct Greet: Command {
///     static let name = "greet"
///     static let summary = "Says hello."
///     static var options: [CommandOption<Greet>] {
///         [.value("--name", "NAME", "Whom to greet.", \.person), .flag("--loud", "Whether to shout.", \.isLoud)]
///     }
///     var person = "world"
///     var isLoud = false
///     …
/// }
/// ```
public struct CommandOption<Owner>: Sendable {
    enum Kind: Equatable {
        /// `--name VALUE` or `--name=VALUE`.
        case value
        /// `--name`, or `--no-name`.
        case flag
        /// `--no-name` alone: takes a value away.
        case absence
        /// A word without dashes.
        case argument(isRequired: Bool)
    }

    let kind: Kind
    /// With its dashes; an argument's placeholder.
    let name: String
    /// What stands for the value in help texts.
    let placeholder: String
    let help: String
    /// Whether a second one adds to the first.
    let isRepeatable: Bool
    /// What is allowed, after "takes".
    let expectation: String
    /// Sets the property; false where the text is no such value.
    let apply: @Sendable (inout Owner, String) -> Bool

    /// `--name VALUE`, for a property that is there in any case.
    public static func value<Value: OptionValue>(
        _ name: String, _ placeholder: String, _ help: String, _ property: any WritableKeyPath<Owner, Value> & Sendable
    ) -> Self {
        Self(
            kind: .value, name: name, placeholder: placeholder, help: help, isRepeatable: false,
            expectation: Value.expectation
        ) { owner, text in
            guard let value = Value(argument: text) else { return false }
            owner[keyPath: property] = value
            return true
        }
    }

    /// `--name VALUE`, for a property that is nil where the option is not given.
    public static func value<Value: OptionValue>(
        _ name: String, _ placeholder: String, _ help: String, _ property: any WritableKeyPath<Owner, Value?> & Sendable
    ) -> Self {
        Self(
            kind: .value, name: name, placeholder: placeholder, help: help, isRepeatable: false,
            expectation: Value.expectation
        ) { owner, text in
            guard let value = Value(argument: text) else { return false }
            owner[keyPath: property] = value
            return true
        }
    }

    /// `--name VALUE`, as often as one likes.
    public static func values<Value: OptionValue>(
        _ name: String, _ placeholder: String, _ help: String,
        _ property: any WritableKeyPath<Owner, [Value]> & Sendable
    ) -> Self {
        Self(
            kind: .value, name: name, placeholder: placeholder, help: help, isRepeatable: true,
            expectation: Value.expectation
        ) { owner, text in
            guard let value = Value(argument: text) else { return false }
            owner[keyPath: property].append(value)
            return true
        }
    }

    /// `--name`, and `--no-name` for the contrary.
    public static func flag(
        _ name: String, _ help: String, _ property: any WritableKeyPath<Owner, Bool> & Sendable
    ) -> Self {
        Self(
            kind: .flag, name: name, placeholder: "", help: help, isRepeatable: true, expectation: "no value"
        ) { owner, text in
            owner[keyPath: property] = text == "true"
            return true
        }
    }

    /// `--name`, and `--no-name` for the contrary; nil where neither is given.
    public static func flag(
        _ name: String, _ help: String, _ property: any WritableKeyPath<Owner, Bool?> & Sendable
    ) -> Self {
        Self(
            kind: .flag, name: name, placeholder: "", help: help, isRepeatable: true, expectation: "no value"
        ) { owner, text in
            owner[keyPath: property] = text == "true"
            return true
        }
    }

    /// `--no-name` alone: sets the property to true.
    public static func absence(
        _ name: String, _ help: String, _ property: any WritableKeyPath<Owner, Bool> & Sendable
    ) -> Self {
        Self(
            kind: .absence, name: name, placeholder: "", help: help, isRepeatable: true, expectation: "no value"
        ) { owner, _ in
            owner[keyPath: property] = true
            return true
        }
    }

    /// A word without dashes that has to be given.
    public static func argument<Value: OptionValue>(
        _ placeholder: String, _ help: String, _ property: any WritableKeyPath<Owner, Value> & Sendable
    ) -> Self {
        Self(
            kind: .argument(isRequired: true), name: placeholder, placeholder: placeholder, help: help,
            isRepeatable: false, expectation: Value.expectation
        ) { owner, text in
            guard let value = Value(argument: text) else { return false }
            owner[keyPath: property] = value
            return true
        }
    }

    /// All further words without dashes.
    public static func arguments<Value: OptionValue>(
        _ placeholder: String, _ help: String, _ property: any WritableKeyPath<Owner, [Value]> & Sendable
    ) -> Self {
        Self(
            kind: .argument(isRequired: false), name: placeholder, placeholder: placeholder, help: help,
            isRepeatable: true, expectation: Value.expectation
        ) { owner, text in
            guard let value = Value(argument: text) else { return false }
            owner[keyPath: property].append(value)
            return true
        }
    }
}
