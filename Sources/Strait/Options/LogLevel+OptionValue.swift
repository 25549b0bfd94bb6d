public import StraitCommandLine
public import StraitNetwork

extension LogLevel: OptionValue {
    public init?(argument: String) { self.init(argument) }
    public static var expectation: String { "one of " + allCases.map { "\($0)" }.joined(separator: ", ") }
}
