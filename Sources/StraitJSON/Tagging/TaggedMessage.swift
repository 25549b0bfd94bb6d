/// The state of a message whose case is under `type`, while it is decoded.
struct TaggedMessage {
    /// The `type`, once an enum asked for its case.
    var type: String?
    /// The reason why no case was found, if one was asked for. The enum itself cannot say it.
    var failure: (any Error)?

    /// Whether a case with the key `_0` has a single, unlabelled payload.
    ///
    /// Not inlined: the metadata that it needs would be fetched for each key.
    @inline(never)
    static func hasOnePayload<Key: CodingKey>(_ type: Key.Type) -> Bool { Key(stringValue: "_1") == nil }
}
