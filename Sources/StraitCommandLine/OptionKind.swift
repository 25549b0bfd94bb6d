/// The form of an option on the command line.
package enum OptionKind: Equatable {
    /// `--name VALUE` or `--name=VALUE`.
    case value
    /// `--name`, or `--no-name`.
    case flag
    /// `--no-name` alone: takes a value away.
    case absence
    /// A word without dashes.
    case argument(isRequired: Bool)
}
