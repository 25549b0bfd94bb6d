/// Any key of a tagged object.
struct TagKey: CodingKey {
    static let type = TagKey(stringValue: "type")
    static let value = TagKey(stringValue: "value")

    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) {
        self.stringValue = stringValue
    }

    init?(intValue: Int) { nil }

    init(_ key: some CodingKey) {
        self.init(stringValue: key.stringValue)
    }
}
