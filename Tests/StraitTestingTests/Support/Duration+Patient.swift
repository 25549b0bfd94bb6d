extension Duration {
    /// For what passes through the global pool, whose few threads other tests may block for long.
    static let patient = Duration.seconds(300)
}
