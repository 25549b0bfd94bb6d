extension Duration {
    /// A timeout for work in the global pool, whose few threads other tests may block for a long time.
    static let patient = Duration.seconds(300)
}
