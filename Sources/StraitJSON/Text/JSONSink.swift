internal import FoundationEssentials
internal import StraitCore

/// The output that all containers of a value write to.
///
/// A container from `nestedContainer` or `superEncoder` may be filled at any time until the type's `encode(to:)`
/// returns. Each of them has its own sink, whose text is inserted then.
final class JSONSink {
    let coder: JSONCoder
    var text: JSONText
    /// Whether the root value is an enum that is written as a tagged message, and the root value's type.
    private(set) var isEnum = false
    private(set) var messageType: Any.Type = Never.self

    init(_ coder: JSONCoder, root: [any CodingKey] = [], depth: Int = 0, capacity: Int = 240) {
        self.coder = coder
        text = JSONText(coder, root: root, depth: depth, capacity: capacity)
    }

    func encodeRoot<Value: Encodable>(_ value: Value) throws {
        if coder.enums == .tagged, !JSONDocument.isWhole(Value.self) {
            isEnum = TypeFacts.of(value: value).contains(.isEnum)
            messageType = type(of: value)
            try value.encode(to: JSONValueEncoder(self, 0, .message))
        } else {
            try encode(value, at: 0)
        }
    }

    /// Returns the complete text.
    func take() throws -> Bytes {
        try text.finish()
        return text.bytes.take()
    }

    /// Writes `value` to the frame at `level`, which must be empty.
    @inline(__always)
    func encode<Value: Encodable>(_ value: Value, at level: Int) throws {
        if JSONDocument.isWhole(Value.self) {
            try whole(value, at: level)
        } else {
            try value.encode(to: JSONValueEncoder(self, level, .plain))
        }
    }

    /// Writes `value` to a new frame, and closes the frame.
    @inline(__always)
    func encode<Value: Encodable>(_ value: Value, _ place: JSONPlace, level: Int) throws {
        try text.open(place)
        try encode(value, at: level &+ 1)
        try text.close(to: level)
    }

    private func whole(_ value: Any, at level: Int) throws {
        try text.begin(level)
        switch value {
        case let date as Date:
            guard let written = JSONDate.text(date) else {
                // Not the date itself, because printing a date far out of range is a fatal error.
                throw text.invalid(
                    date.timeIntervalSinceReferenceDate, level, "The date is outside the years 1 to 9999.")
            }
            text.bytes.append(json: written)
        case let data as Data: text.bytes.append(json: data.base64EncodedString())
        case let data as Bytes: text.bytes.append(json: Data(data).base64EncodedString())
        case let url as URL: text.bytes.append(json: url.absoluteString)
        case let decimal as Decimal:
            guard decimal.isFinite else { throw notFinite(decimal, level) }
            text.bytes.append(decimal.description)
        default: break
        }
    }

    func notFinite(_ value: Any, _ level: Int, _ key: (any CodingKey)? = nil) -> EncodingError {
        .invalidValue(
            value,
            EncodingError.Context(
                codingPath: text.path(level) + (key.map { [$0] } ?? []),
                debugDescription: "JSON has no number for \(value). Encode nil or a string instead."))
    }
}

/// An open array, object or value in the text.
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
