public import StraitCommandLine
public import StraitNetwork

extension LogLevel: OptionValue {
    /// Parses the name of a level.
    public init?(argument: String) { self.init(argument) }
    /// The names of all levels, for error messages.
    public static var expectation: String { "one of " + allCases.map { "\($0)" }.joined(separator: ", ") }
}
