/// The form of an option on the command line.
package enum OptionKind: Equatable {
    /// `--name VALUE` or `--name=VALUE`.
    case value
    /// `--name` or `--no-name`.
    case flag
    /// An option that can only be given in one form, such as `--no-name`.
    case absence
    /// An argument without dashes.
    case argument(isRequired: Bool)
}
