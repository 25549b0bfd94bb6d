/// An open array, object or value in a text.
struct JSONFrame {
    enum Kind: UInt8 { case empty, scalar, array, object }

    var kind = Kind.empty
    var isSorted = false
    var count = 0
    /// The indices of the frame's first member and first child in the text's lists.
    var firstMember = 0
    var firstChild = 0
}

/// The key or index of a frame in its parent.
enum JSONPlace {
    case key(any CodingKey)
    case index(Int)

    var key: any CodingKey {
        switch self {
        case .key(let key): key
        case .index(let index): JSONKey(index)
        }
    }
}
