import Testing

/// Runs one server for all tests of a suite, and kills it after them.
struct ServesShowcase: SuiteTrait, TestScoping {
    @concurrent func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @concurrent @Sendable () async throws -> Void
    ) async throws {
        try await ShowcaseServer.run { server in
            try await ShowcaseServer.$current.withValue(server) { try await function() }
        }
    }
}

extension Trait where Self == ServesShowcase {
    /// Runs one server for the suite, which is available as `ShowcaseServer.ofSuite()`.
    static var servesShowcase: ServesShowcase { ServesShowcase() }
}
