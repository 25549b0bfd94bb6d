package import StraitCore

/// A decoder for Python's `pickle`, protocols 2 to 5, that accepts only plain values.
///
/// In Python, a pickle can name any function and call it. This decoder rejects pickles with the opcodes for that. A
/// container may occur several times, as Python's memo allows, so the decoded size has a limit of its own. A container
/// that contains itself is an error.
package struct PickleDecoder: ~Copyable {
    /// The limits of a pickle.
    package struct Limits: Sendable {
        /// The maximum size of the pickle, in bytes.
        package var bytes = 4 << 20
        /// The maximum size of the decoded value in memory, in bytes.
        package var decodedBytes = 32 << 20
        /// The maximum number of opcodes.
        package var opcodes = 500_000
        /// The maximum nesting depth.
        package var depth = 100

        package init() {}
    }

    /// An entry of the stack: a plain value, or the number of a container. Containers are not stored by reference,
    /// because a container that contains itself would never be freed.
    private enum Item {
        case plain(CacheValue)
        case container(Int)
    }

    private enum Container {
        case list([Item])
        case tuple([Item])
        case dictionary([(key: Item, value: Item)])
    }

    private let input: Bytes
    private let limits: Limits
    private var position = 0
    private var stack: [Item] = []
    private var marks: [Int] = []
    private var memo: [Int: Item] = [:]
    private var containers: [Container] = []
    private var opcodes = 0
    private var decodedBytes = 0

    private init(_ input: Bytes, _ limits: Limits) {
        self.input = input
        self.limits = limits
    }

    /// Returns the value of a pickle.
    ///
    /// - Throws: ``CacheValueError`` if the bytes are not a pickle, contain other types, or exceed a limit.
    package static func value(of input: Bytes, limits: Limits = Limits()) throws(CacheValueError) -> CacheValue {
        guard input.count <= limits.bytes else { throw .pickle("has \(input.count) bytes, which is over the limit") }
        var decoder = PickleDecoder(input, limits)
        return try decoder.run()
    }

    // MARK: Opcodes

    private mutating func run() throws(CacheValueError) -> CacheValue {
        guard try byte() == 0x80, (2...5).contains(try byte()) else {
            throw .pickle("does not begin with a protocol from 2 to 5")
        }
        while true {
            let opcode = try byte()
            opcodes += 1
            guard opcodes <= limits.opcodes else { throw .pickle("has more than \(limits.opcodes) opcodes") }
            switch opcode {
            case 0x2E:  // STOP
                guard stack.count == 1, marks.isEmpty, position == input.count else {
                    throw .pickle("does not end with one value")
                }
                return try finished(stack[0], depth: 0)
            case 0x95:  // FRAME
                guard try word(8) <= UInt64(input.count - position) else { throw .truncated }
            case 0x28: marks.append(stack.count)  // MARK
            case 0x4E: try push(.null)  // NONE
            case 0x88: try push(.bool(true))  // NEWTRUE
            case 0x89: try push(.bool(false))  // NEWFALSE
            case 0x4B: try push(.int(Int(try word(1))))  // BININT1
            case 0x4D: try push(.int(Int(try word(2))))  // BININT2
            case 0x4A: try push(.int(Int(Int32(truncatingIfNeeded: try word(4)))))  // BININT
            case 0x8A: try push(PickleInteger.value(of: try bytes(try length(1))))  // LONG1
            case 0x8B:  // LONG4
                let count = try length(4)
                guard count <= PickleInteger.maximumBytes else { throw .pickle("has an integer of \(count) bytes") }
                try push(PickleInteger.value(of: try bytes(count)))
            case 0x47: try push(.double(Double(bitPattern: (try word(8)).byteSwapped)))  // BINFLOAT
            case 0x8C: try push(.string(try text(1)))  // SHORT_BINUNICODE
            case 0x58: try push(.string(try text(4)))  // BINUNICODE
            case 0x8D: try push(.string(try text(8)))  // BINUNICODE8
            case 0x43: try push(.bytes(try bytes(try length(1))))  // SHORT_BINBYTES
            case 0x42: try push(.bytes(try bytes(try length(4))))  // BINBYTES
            case 0x8E: try push(.bytes(try bytes(try length(8))))  // BINBYTES8
            case 0x5D: try push(Container.list([]))  // EMPTY_LIST
            case 0x29: try push(Container.tuple([]))  // EMPTY_TUPLE
            case 0x7D: try push(Container.dictionary([]))  // EMPTY_DICT
            case 0x85, 0x86, 0x87: try push(Container.tuple(try pop(Int(opcode) - 0x84)))  // TUPLE1, TUPLE2, TUPLE3
            case 0x74: try push(Container.tuple(try popToMark()))  // TUPLE
            case 0x61: try append(try pop(1))  // APPEND
            case 0x65: try append(try popToMark())  // APPENDS
            case 0x73: try set(try pop(2))  // SETITEM
            case 0x75: try set(try popToMark())  // SETITEMS
            case 0x94: memo[memo.count] = try top()  // MEMOIZE
            case 0x71: memo[try length(1)] = try top()  // BINPUT
            case 0x72: memo[try length(4)] = try top()  // LONG_BINPUT
            case 0x68: try push(memo[try length(1)])  // BINGET
            case 0x6A: try push(memo[try length(4)])  // LONG_BINGET
            default:
                throw .pickle("has an object that is not a plain value (opcode \(opcode))")
            }
        }
    }

    private mutating func push(_ value: CacheValue) throws(CacheValueError) { try push(Item.plain(value)) }

    private mutating func push(_ container: Container) throws(CacheValueError) {
        containers.append(container)
        try push(Item.container(containers.count - 1))
    }

    private mutating func push(_ item: Item?) throws(CacheValueError) {
        guard let item else { throw .pickle("refers to a value that is not in its memo") }
        stack.append(item)
    }

    private func top() throws(CacheValueError) -> Item {
        guard let item = stack.last, stack.count > marks.last ?? 0 else { throw .pickle("pops a missing value") }
        return item
    }

    private mutating func pop(_ count: Int) throws(CacheValueError) -> [Item] {
        guard stack.count - count >= marks.last ?? 0 else { throw .pickle("pops a missing value") }
        let items = Array(stack[(stack.count - count)...])
        stack.removeLast(count)
        return items
    }

    private mutating func popToMark() throws(CacheValueError) -> [Item] {
        guard let mark = marks.popLast(), mark <= stack.count else { throw .pickle("pops a missing value") }
        let items = Array(stack[mark...])
        stack.removeLast(stack.count - mark)
        return items
    }

    private mutating func append(_ items: [Item]) throws(CacheValueError) {
        guard case .container(let index) = try top(), case .list(var elements) = containers[index] else {
            throw .pickle("adds an element to something that is not a list")
        }
        // The container is released before it is changed, so that the elements are not copied.
        containers[index] = .list([])
        elements += items
        containers[index] = .list(elements)
    }

    private mutating func set(_ items: [Item]) throws(CacheValueError) {
        guard case .container(let index) = try top(), case .dictionary(var pairs) = containers[index],
            items.count.isMultiple(of: 2)
        else { throw .pickle("sets a key of something that is not a dictionary") }
        containers[index] = .dictionary([])
        for place in stride(from: 0, to: items.count, by: 2) { pairs.append((items[place], items[place + 1])) }
        containers[index] = .dictionary(pairs)
    }

    // MARK: The value

    /// Returns an item as a value. A shared container is copied to all of its places.
    private mutating func finished(_ item: Item, depth: Int) throws(CacheValueError) -> CacheValue {
        guard depth <= limits.depth else { throw .pickle("is nested more than \(limits.depth) levels deep") }
        switch item {
        case .plain(let value):
            try count(value.cost)
            return value
        case .container(let index):
            try count(64)
            switch containers[index] {
            case .list(let items): return .list(try finished(items, depth: depth))
            case .tuple(let items): return .tuple(try finished(items, depth: depth))
            case .dictionary(let items):
                var pairs: [CacheValue.Pair] = []
                for (key, value) in items {
                    pairs.append(
                        CacheValue.Pair(
                            try finished(key, depth: depth + 1), try finished(value, depth: depth + 1)))
                }
                return .dictionary(pairs)
            }
        }
    }

    private mutating func finished(_ items: [Item], depth: Int) throws(CacheValueError) -> [CacheValue] {
        var values: [CacheValue] = []
        for item in items { values.append(try finished(item, depth: depth + 1)) }
        return values
    }

    private mutating func count(_ bytes: Int) throws(CacheValueError) {
        decodedBytes += bytes
        guard decodedBytes <= limits.decodedBytes else {
            throw .pickle("expands to more than \(limits.decodedBytes) bytes")
        }
    }

    // MARK: Bytes

    private mutating func byte() throws(CacheValueError) -> UInt8 {
        guard position < input.count else { throw .truncated }
        defer { position += 1 }
        return input[position]
    }

    /// Reads a little-endian number of `count` bytes.
    private mutating func word(_ count: Int) throws(CacheValueError) -> UInt64 {
        guard count <= input.count - position else { throw .truncated }
        var word: UInt64 = 0
        for index in (position..<position + count).reversed() { word = word << 8 | UInt64(input[index]) }
        position += count
        return word
    }

    private mutating func length(_ count: Int) throws(CacheValueError) -> Int {
        guard let length = Int(exactly: try word(count)) else { throw .truncated }
        return length
    }

    private mutating func bytes(_ count: Int) throws(CacheValueError) -> Bytes {
        guard count <= input.count - position else { throw .truncated }
        defer { position += count }
        return input.slice(position..<position + count)
    }

    private mutating func text(_ width: Int) throws(CacheValueError) -> String {
        guard let text = String(utf8: try bytes(try length(width))) else {
            throw .pickle("has text that is not UTF-8")
        }
        return text
    }
}

extension CacheValueError {
    fileprivate static func pickle(_ problem: String) -> CacheValueError {
        CacheValueError(
            "A value in the cache cannot be read: the pickle \(problem). Store only plain values, or use "
                + "JSON on both sides.")
    }

    fileprivate static var truncated: CacheValueError { pickle("is cut off") }
}
