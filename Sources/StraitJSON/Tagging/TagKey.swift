/// The keys of a tagged object.
enum TagKey {
    static let type = "type"
    static let value = "value"
}
