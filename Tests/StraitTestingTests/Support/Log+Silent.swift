import StraitNetwork

extension Log {
    /// Says nothing, where a test provokes errors.
    static let silent = Log(level: .critical)
}
