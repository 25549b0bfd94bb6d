extension RedisHost {
    /// Whether sentinels know which server it is.
    var isFoundBySentinels: Bool { if case .sentinels = self { true } else { false } }
}
