/// An array, an object or a value that is open in a text.
struct JSONFrame {
    enum Kind: UInt8 { case empty, scalar, array, object }

    var kind = Kind.empty
    var isSorted = false
    var count = 0
    /// The first of the text's members and children that belong to the frame.
    var firstMember = 0
    var firstChild = 0
}

/// The place of a frame in the one around it.
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
