extension RedisServer {
    private static let common = Task { try await RedisServer() }

    /// The one server of all tests that need no other: each has keys of its own there.
    public static var shared: RedisServer { get async throws { try await common.value } }
}
