extension RedisHost {
    /// Whether the server is found through sentinels.
    var isFoundBySentinels: Bool { if case .sentinels = self { true } else { false } }

    /// The database number.
    var database: Int {
        switch self {
        case .server(let address): address.database
        case .sentinels(let sentinels): sentinels.database
        }
    }
}
