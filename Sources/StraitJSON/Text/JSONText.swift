internal import StraitCore

/// The text of a value during encoding, with the arrays and objects that are open.
struct JSONText: ~Copyable {
    /// A container with its own text, and the offset of that text in this one.
    struct Child {
        var offset: Int
        let sink: JSONSink
    }

    let coder: JSONCoder
    var bytes: ByteBuffer
    /// The keys that lead to this text.
    private let root: [any CodingKey]
    let depth: Int
    /// The innermost frame, and the frames around it.
    private var frame = JSONFrame()
    private var outer: [JSONFrame] = []
    /// The place of each frame except the first.
    private var places: [JSONPlace] = []
    /// The offsets of the members of objects to sort. The members of the innermost object come last.
    private var members: [Int] = []
    private var children: [Child] = []
    /// The first error from a method that cannot throw.
    private(set) var failure: (any Error)?

    init(_ coder: JSONCoder, root: [any CodingKey] = [], depth: Int = 0, capacity: Int) {
        self.coder = coder
        self.root = root
        self.depth = depth
        bytes = ByteBuffer(capacity: capacity)
    }

    // MARK: Frames

    func isOpen(_ level: Int) -> Bool { outer.count == level }

    func count(_ level: Int) -> Int {
        level == outer.count ? frame.count : (level < outer.count ? outer[level].count : 0)
    }

    /// Starts a scalar value in the frame at `level`.
    mutating func begin(_ level: Int) throws {
        guard isOpen(level), frame.kind == .empty else { throw misuse(level) }
        frame.kind = .scalar
    }

    /// Starts an object or array in the frame at `level`, or continues the one that is there.
    mutating func begin(_ kind: JSONFrame.Kind, _ level: Int, isSorted: Bool) {
        guard isOpen(level) else { return fail(misuse(level)) }
        if frame.kind == kind { return }
        guard frame.kind == .empty else { return fail(misuse(level)) }
        frame.kind = kind
        frame.isSorted = isSorted
        frame.firstMember = members.count
        bytes.append(kind == .object ? UInt8(ascii: "{") : UInt8(ascii: "["))
    }

    /// Opens a frame for a value.
    mutating func open(_ place: JSONPlace) throws {
        guard depth &+ outer.count < coder.limits.depth else { throw tooDeep(place.key) }
        places.append(place)
        outer.append(frame)
        frame = JSONFrame()
        frame.firstChild = children.count
    }

    /// Closes the frames above `level`.
    mutating func close(to level: Int) throws {
        while outer.count > level {
            try closeFrame()
            frame = outer.removeLast()
            places.removeLast()
        }
        if let failure { throw failure }
    }

    /// Closes all frames, which completes the text.
    mutating func finish() throws {
        try close(to: 0)
        try closeFrame()
        if let failure { throw failure }
    }

    private mutating func closeFrame() throws {
        if children.count > frame.firstChild { try insertChildren() }
        switch frame.kind {
        // A type without members writes nothing, but its value is an empty object.
        case .empty: bytes.append("{}" as StaticString)
        case .scalar: break
        case .array: bytes.append(UInt8(ascii: "]"))
        case .object:
            if frame.isSorted { sort() }
            bytes.append(UInt8(ascii: "}"))
        }
    }

    // MARK: Members

    /// Starts the next element of the array at `level`.
    mutating func element(_ level: Int) throws {
        guard isOpen(level), frame.kind == .array else { throw misuse(level) }
        if frame.count > 0 { bytes.append(UInt8(ascii: ",")) }
        frame.count &+= 1
    }

    /// Starts the value under `name` in the object at `level`.
    mutating func member(_ name: String, _ level: Int) throws {
        guard isOpen(level), frame.kind == .object else { throw misuse(level) }
        if frame.count > 0 { bytes.append(UInt8(ascii: ",")) }
        frame.count &+= 1
        if frame.isSorted { members.append(bytes.count) }
        bytes.append(json: name)
        bytes.append(UInt8(ascii: ":"))
    }

    /// Returns a sink for a nested container at this position.
    mutating func child(under key: any CodingKey, _ level: Int) -> JSONSink {
        let sink = JSONSink(coder, root: path(level) + [key], depth: depth + level + 1, capacity: 64)
        if depth + level + 1 >= coder.limits.depth { fail(tooDeep(key)) }
        children.append(Child(offset: bytes.count, sink: sink))
        return sink
    }

    /// Inserts the texts of the frame's children at their positions.
    private mutating func insertChildren() throws {
        let inserted = Array(children[frame.firstChild...])
        children.removeLast(inserted.count)
        guard let first = inserted.first?.offset else { return }
        let tail = cut(from: first)
        var moved = 0
        var member = frame.firstMember
        for (index, child) in inserted.enumerated() {
            // Members before this child move by the total length of the earlier children.
            while frame.isSorted, member < members.count, members[member] <= child.offset {
                members[member] += moved
                member += 1
            }
            let text = try child.sink.take()
            bytes.append(text)
            moved += text.count
            let end = index + 1 < inserted.count ? inserted[index + 1].offset - first : tail.count
            bytes.append(tail.slice(child.offset - first..<end))
        }
        while frame.isSorted, member < members.count {
            members[member] += moved
            member += 1
        }
    }

    /// Removes the text from `offset` to the end, and returns it.
    private mutating func cut(from offset: Int) -> Bytes {
        let text = Bytes(bytes.span.extracting(offset..<bytes.count))
        bytes.removeLast(text.count)
        return text
    }

    /// Sorts the members of the object by the bytes of their keys.
    private mutating func sort() {
        let starts = Array(members[frame.firstMember...])
        members.removeLast(starts.count)
        guard starts.count > 1 else { return }
        let first = starts[0]
        let text = cut(from: first)
        var pieces: [(key: Bytes, all: Bytes)] = []
        pieces.reserveCapacity(starts.count)
        for (index, start) in starts.enumerated() {
            let end = index + 1 < starts.count ? starts[index + 1] - first - 1 : text.count
            let all = text.slice(start - first..<end)
            pieces.append((Self.key(of: all), all))
        }
        pieces.sort { $0.key.lexicographicallyPrecedes($1.key) }
        for (index, piece) in pieces.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            bytes.append(piece.all)
        }
    }

    /// Returns the key of a member, without its quotes.
    private static func key(of member: Bytes) -> Bytes {
        var index = 1
        while index < member.count, member[index] != UInt8(ascii: "\"") {
            index += member[index] == UInt8(ascii: "\\") ? 2 : 1
        }
        let key = member.slice(1..<max(1, min(index, member.count)))
        return key.contains(UInt8(ascii: "\\")) ? Bytes(JSONEscapes.unescaped(key.span)) : key
    }

    // MARK: Errors

    /// Returns the keys that lead to the frame at `level`.
    func path(_ level: Int) -> [any CodingKey] { root + places.prefix(level).map(\.key) }

    mutating func fail(_ error: any Error) { failure = failure ?? error }

    func invalid(_ value: Any, _ level: Int, _ text: String) -> EncodingError {
        .invalidValue(value, EncodingError.Context(codingPath: path(level), debugDescription: text))
    }

    private func tooDeep(_ key: any CodingKey) -> EncodingError {
        invalid(
            key.stringValue, outer.count,
            "The value is nested more than \(coder.limits.depth) deep. Look for a cycle, or raise JSONLimits.depth.")
    }

    private func misuse(_ level: Int) -> EncodingError {
        invalid(
            "", level,
            "A container was used in two ways, or after its value was encoded. Encode each value once, before "
                + "encode(to:) returns.")
    }
}
