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
    /// The option's form.
    package let kind: OptionKind
    /// The name with its dashes; an argument's placeholder.
    package let name: String
    /// The word for the value in help texts.
    let placeholder: String
    let help: String
    /// Whether a second one adds to the first.
    let isRepeatable: Bool
    /// The allowed values, as an error names them after "takes".
    let expectation: String
    /// Sets the property; false where the text is no such value.
    let apply: @Sendable (inout Owner, String) -> Bool

    /// An option whose value is read as `Value` and handed to `set`.
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

    /// An option without a value: `set` is told whether it was given as `--name`, and not as `--no-name`.
    private static func switching(
        _ kind: OptionKind, _ name: String, _ help: String, set: @escaping @Sendable (inout Owner, Bool) -> Void
    ) -> Self {
        Self(kind: kind, name: name, placeholder: "", help: help, isRepeatable: true, expectation: "no value") {
            set(&$0, $1 == "true")
            return true
        }
    }

    /// The same option of a value that holds the owner.
    package func inside<Whole>(_ part: any WritableKeyPath<Whole, Owner> & Sendable) -> CommandOption<Whole> {
        CommandOption<Whole>(
            kind: kind, name: name, placeholder: placeholder, help: help,
            isRepeatable: isRepeatable, expectation: expectation
        ) { apply(&$0[keyPath: part], $1) }
    }

    /// `--name VALUE`, for a property that is there in any case.
    public static func value<Value: OptionValue>(
        _ name: String, _ placeholder: String, _ help: String, _ property: any WritableKeyPath<Owner, Value> & Sendable
    ) -> Self {
        reading(.value, name, placeholder, help) { $0[keyPath: property] = $1 }
    }

    /// `--name VALUE`, for a property that is nil where the option is not given.
    public static func value<Value: OptionValue>(
        _ name: String, _ placeholder: String, _ help: String, _ property: any WritableKeyPath<Owner, Value?> & Sendable
    ) -> Self {
        reading(.value, name, placeholder, help) { $0[keyPath: property] = $1 }
    }

    /// `--name VALUE`, as often as one likes.
    public static func values<Value: OptionValue>(
        _ name: String, _ placeholder: String, _ help: String,
        _ property: any WritableKeyPath<Owner, [Value]> & Sendable
    ) -> Self {
        reading(.value, name, placeholder, help, isRepeatable: true) { $0[keyPath: property].append($1) }
    }

    /// `--name`, and `--no-name` for the contrary.
    public static func flag(
        _ name: String, _ help: String, _ property: any WritableKeyPath<Owner, Bool> & Sendable
    ) -> Self {
        switching(.flag, name, help) { $0[keyPath: property] = $1 }
    }

    /// `--name`, and `--no-name` for the contrary; nil where neither is given.
    public static func flag(
        _ name: String, _ help: String, _ property: any WritableKeyPath<Owner, Bool?> & Sendable
    ) -> Self {
        switching(.flag, name, help) { $0[keyPath: property] = $1 }
    }

    /// An option without a contrary, such as `--no-name` alone: sets the property to true.
    public static func absence(
        _ name: String, _ help: String, _ property: any WritableKeyPath<Owner, Bool> & Sendable
    ) -> Self {
        switching(.absence, name, help) { owner, _ in owner[keyPath: property] = true }
    }

    /// A word without dashes that has to be given.
    public static func argument<Value: OptionValue>(
        _ placeholder: String, _ help: String, _ property: any WritableKeyPath<Owner, Value> & Sendable
    ) -> Self {
        reading(.argument(isRequired: true), placeholder, placeholder, help) { $0[keyPath: property] = $1 }
    }

    /// A word without dashes that may be left out; the property is nil then.
    public static func argument<Value: OptionValue>(
        _ placeholder: String, _ help: String, _ property: any WritableKeyPath<Owner, Value?> & Sendable
    ) -> Self {
        reading(.argument(isRequired: false), placeholder, placeholder, help) { $0[keyPath: property] = $1 }
    }

    /// All further words without dashes.
    public static func arguments<Value: OptionValue>(
        _ placeholder: String, _ help: String, _ property: any WritableKeyPath<Owner, [Value]> & Sendable
    ) -> Self {
        reading(.argument(isRequired: false), placeholder, placeholder, help, isRepeatable: true) {
            $0[keyPath: property].append($1)
        }
    }
}
