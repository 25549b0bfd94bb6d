package import StraitNetwork

/// An event from a ``MultipartParser``.
package enum MultipartEvent: Sendable, Equatable {
    /// The start of a part.
    case part(MultipartPart)
    /// A piece of the part's contents; never empty.
    case bytes(Bytes)
    /// The end of the part.
    case partEnd
    /// The end of the last part.
    case end
}
