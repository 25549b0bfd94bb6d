internal import Glibc
internal import StraitCore

/// The parameters of a statement as libpq sends them: integers as `bigint` in text, bytes as `bytea` in binary format,
/// and everything else as text without a type, so that the server infers it.
struct PostgresParameters: Sendable {
    /// The maximum number of parameters, a limit of PostgreSQL's protocol.
    static let limit = 65_535
    /// The maximum number of bytes of a value, a limit of PostgreSQL's storage: 1 GiB.
    static let valueLimit = 1 << 30
    /// The type IDs that are sent.
    static let (integer, bytes): (UInt32, UInt32) = (20, 17)

    /// A parameter's type, place in ``storage``, length and format.
    struct Place: Sendable {
        var type: UInt32
        /// The offset of the first byte, or -1 for `NULL`.
        var start: Int
        var length: Int32
        var isBinary: Bool
    }

    private(set) var places: [Place] = []
    /// The values, each followed by a zero.
    private(set) var storage: [UInt8] = []

    /// - Throws: ``DatabaseError/Code/limit`` for too many parameters; ``DatabaseError/Code/value`` for text that
    ///   PostgreSQL cannot store.
    init(_ values: [DatabaseValue]) throws(DatabaseError) {
        guard values.count <= Self.limit else {
            throw DatabaseError(
                .limit,
                "The statement has \(values.count) parameters, but PostgreSQL allows \(Self.limit). Divide it into "
                    + "several.")
        }
        places.reserveCapacity(values.count)
        storage.reserveCapacity(values.count * 16)
        for (index, value) in values.enumerated() {
            try Self.checkSize(of: value)
            switch value {
            case .null: places.append(Place(type: 0, start: -1, length: 0, isBinary: false))
            case .integer(let number): append(number)
            case .double(let number): append(Self.text(number), type: 0)
            case .text(let text):
                guard !text.containsZero else {
                    throw .value(
                        "The text of parameter \(index + 1) contains the character U+0000, which PostgreSQL cannot "
                            + "store. Remove it, or store bytes.")
                }
                append(text, type: 0)
            case .bytes(let bytes):
                places.append(
                    Place(type: Self.bytes, start: storage.count, length: Int32(clamping: bytes.count), isBinary: true))
                for index in bytes.span.indices { storage.append(bytes.span[index]) }
                storage.append(0)
            }
        }
    }

    static func checkSize(of value: DatabaseValue) throws(DatabaseError) {
        let count =
            switch value {
            case .text(let text): text.utf8.count
            case .bytes(let bytes): bytes.count
            case .null, .integer, .double: 0
            }
        guard count < valueLimit else {
            throw DatabaseError(
                .limit, "A value has \(count) bytes, but PostgreSQL stores less than 1 GiB. Store it in a file.")
        }
    }

    static func text(_ number: Double) -> String {
        number.isInfinite ? (number < 0 ? "-Infinity" : "Infinity") : number.isNaN ? "NaN" : "\(number)"
    }

    private mutating func append(_ number: Int64) {
        let start = storage.count
        storage.append(decimal: number)
        places.append(
            Place(type: Self.integer, start: start, length: Int32(clamping: storage.count - start), isBinary: false))
        storage.append(0)
    }

    private mutating func append(_ text: String, type: UInt32) {
        let start = storage.count
        storage.append(contentsOf: text.utf8)
        places.append(
            Place(type: type, start: start, length: Int32(clamping: storage.count - start), isBinary: false))
        storage.append(0)
    }

    /// The bits of the parameters with `type`, for a ``StatementKey``. Only the first 64 have one.
    func bits(of type: UInt32) -> UInt64 {
        var bits: UInt64 = 0
        for (index, place) in places.prefix(64).enumerated() where place.type == type { bits |= 1 << UInt64(index) }
        return bits
    }
}

extension String {
    /// Whether the text has the character U+0000.
    var containsZero: Bool {
        // SAFETY: the search stays in the buffer.
        unsafe utf8.withContiguousStorageIfAvailable { bytes in
            unsafe bytes.baseAddress.map { unsafe memchr($0, 0, bytes.count) != nil } ?? false
        } ?? utf8.contains(0)
    }
}

extension [UInt8] {
    /// Appends the digits of a number.
    mutating func append(decimal number: Int64) {
        if number < 0 { append(UInt8(ascii: "-")) }
        let number = number.magnitude
        var unit: UInt64 = 1
        while number / unit >= 10 { unit *= 10 }
        while unit > 0 {
            append(UInt8(0x30 + number / unit % 10))
            unit /= 10
        }
    }
}
