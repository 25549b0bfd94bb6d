package import StraitNetwork

/// What a ``MultipartParser`` found.
package enum MultipartEvent: Sendable, Equatable {
    /// A part begins.
    case part(MultipartPart)
    /// Some of the part's bytes, never none.
    case bytes(Bytes)
    /// The part is complete.
    case partEnd
    /// The last part is complete.
    case end
}
