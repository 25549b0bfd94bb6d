/// The state of a tagged message while it is decoded.
struct TaggedMessage {
    /// The message's `type`, after an enum has requested its case.
    var type: String?
    /// The error for a missing case, if an enum requested one. The enum itself cannot throw it.
    var failure: (any Error)?

    /// Whether the key type of a case with the key `_0` is for a single, unlabelled payload.
    ///
    /// Not inlined, because an inlined version would fetch type metadata for each key.
    @inline(never)
    static func hasOnePayload<Key: CodingKey>(_ type: Key.Type) -> Bool { Key(stringValue: "_1") == nil }
}
