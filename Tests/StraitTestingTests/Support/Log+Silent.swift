import StraitCore

extension Log {
    /// A log that omits errors, for tests that provoke them.
    static let silent = Log(level: .critical)
}
