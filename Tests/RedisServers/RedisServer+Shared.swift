extension RedisServer {
    private static let common = Task { try await RedisServer() }

    /// The server that tests share, each with its own keys.
    public static var shared: RedisServer { get async throws { try await common.value } }
}
