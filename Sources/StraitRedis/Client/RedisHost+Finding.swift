extension RedisHost {
    /// Whether sentinels know which server it is.
    var isFoundBySentinels: Bool { if case .sentinels = self { true } else { false } }

    /// The number of the database.
    var database: Int {
        switch self {
        case .server(let address): address.database
        case .sentinels(let sentinels): sentinels.database
        }
    }
}
