/// The keys of a tagged message.
enum TagKey {
    static let type = "type"
    static let value = "value"
}
