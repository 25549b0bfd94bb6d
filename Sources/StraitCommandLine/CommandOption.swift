/// An option of a command, bound to the property that it sets. The help and the error messages are generated from it.
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
    /// The option's form.
    package let kind: OptionKind
    /// The name with its dashes, or an argument's placeholder.
    package let name: String
    /// The placeholder of the value in the help.
    let placeholder: String
    let help: String
    /// Whether the option may be repeated. Each occurrence then adds a value.
    let isRepeatable: Bool
    /// The allowed values, phrased to follow "takes" in an error message.
    let expectation: String
    /// Sets the property, or returns false if the text is not a valid value.
    let apply: @Sendable (inout Owner, String) -> Bool

    /// Creates an option whose value is parsed as `Value` and passed to `set`.
    private static func reading<Value: OptionValue>(
        _ kind: OptionKind, _ name: String, _ placeholder: String, _ help: String, isRepeatable: Bool = false,
        set: @escaping @Sendable (inout Owner, Value) -> Void
    ) -> Self {
        Self(
            kind: kind, name: name, placeholder: placeholder, help: help, isRepeatable: isRepeatable,
            expectation: Value.expectation
        ) { owner, text in
            guard let value = Value(argument: text) else { return false }
            set(&owner, value)
            return true
        }
    }

    /// Creates an option without a value. `set` receives true for `--name` and false for `--no-name`.
    private static func switching(
        _ kind: OptionKind, _ name: String, _ help: String, set: @escaping @Sendable (inout Owner, Bool) -> Void
    ) -> Self {
        Self(kind: kind, name: name, placeholder: "", help: help, isRepeatable: true, expectation: "no value") {
            set(&$0, $1 == "true")
            return true
        }
    }

    /// Returns this option for a value that contains the owner.
    package func inside<Whole>(_ part: any WritableKeyPath<Whole, Owner> & Sendable) -> CommandOption<Whole> {
        CommandOption<Whole>(
            kind: kind, name: name, placeholder: placeholder, help: help,
            isRepeatable: isRepeatable, expectation: expectation
        ) { apply(&$0[keyPath: part], $1) }
    }

    /// Creates the option `--name VALUE` for a property with a default value.
    public static func value<Value: OptionValue>(
        _ name: String, _ placeholder: String, _ help: String, _ property: any WritableKeyPath<Owner, Value> & Sendable
    ) -> Self {
        reading(.value, name, placeholder, help) { $0[keyPath: property] = $1 }
    }

    /// Creates the option `--name VALUE` for a property that is nil by default.
    public static func value<Value: OptionValue>(
        _ name: String, _ placeholder: String, _ help: String, _ property: any WritableKeyPath<Owner, Value?> & Sendable
    ) -> Self {
        reading(.value, name, placeholder, help) { $0[keyPath: property] = $1 }
    }

    /// Creates the repeatable option `--name VALUE`, which appends each value.
    public static func values<Value: OptionValue>(
        _ name: String, _ placeholder: String, _ help: String,
        _ property: any WritableKeyPath<Owner, [Value]> & Sendable
    ) -> Self {
        reading(.value, name, placeholder, help, isRepeatable: true) { $0[keyPath: property].append($1) }
    }

    /// Creates the options `--name` and `--no-name`, which set the property to true or false.
    public static func flag(
        _ name: String, _ help: String, _ property: any WritableKeyPath<Owner, Bool> & Sendable
    ) -> Self {
        switching(.flag, name, help) { $0[keyPath: property] = $1 }
    }

    /// Creates the options `--name` and `--no-name` for a property that is nil by default.
    public static func flag(
        _ name: String, _ help: String, _ property: any WritableKeyPath<Owner, Bool?> & Sendable
    ) -> Self {
        switching(.flag, name, help) { $0[keyPath: property] = $1 }
    }

    /// Creates an option that only sets the property to true. Its name may be negative, such as `--no-name`.
    public static func absence(
        _ name: String, _ help: String, _ property: any WritableKeyPath<Owner, Bool> & Sendable
    ) -> Self {
        switching(.absence, name, help) { owner, _ in owner[keyPath: property] = true }
    }

    /// Creates a required argument.
    public static func argument<Value: OptionValue>(
        _ placeholder: String, _ help: String, _ property: any WritableKeyPath<Owner, Value> & Sendable
    ) -> Self {
        reading(.argument(isRequired: true), placeholder, placeholder, help) { $0[keyPath: property] = $1 }
    }

    /// Creates an optional argument. The property is nil if it is missing.
    public static func argument<Value: OptionValue>(
        _ placeholder: String, _ help: String, _ property: any WritableKeyPath<Owner, Value?> & Sendable
    ) -> Self {
        reading(.argument(isRequired: false), placeholder, placeholder, help) { $0[keyPath: property] = $1 }
    }

    /// Creates an option for all remaining arguments.
    public static func arguments<Value: OptionValue>(
        _ placeholder: String, _ help: String, _ property: any WritableKeyPath<Owner, [Value]> & Sendable
    ) -> Self {
        reading(.argument(isRequired: false), placeholder, placeholder, help, isRepeatable: true) {
            $0[keyPath: property].append($1)
        }
    }
}
