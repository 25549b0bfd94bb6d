/// The headers of a message, in order of arrival. A name may be repeated, and its case does not matter.
///
/// Names are stored in lower case, as in an ASGI scope. All headers share one block of memory, so that an idle
/// connection stores little more than their text. A lookup searches the whole block.
///
/// Headers that an application sets are checked, because a line break in a value would let its author add headers.
/// ``append(_:_:)`` and ``set(_:_:)`` throw an error. An assignment by subscript cannot throw: the error is thrown when
/// the response is sent.
public struct HTTPFields: Sendable {
    /// The headers as consecutive records: name length (2 bytes), value length (4 bytes), name, value.
    private var records: [UInt8] = []
    /// The number of headers.
    public private(set) var count = 0
    /// The first error of an assignment that could not throw. Boxed to save memory, because it is rare.
    private var refusal: Refusal?

    private final class Refusal: Sendable {
        let error: HTTPFieldError
        init(_ error: HTTPFieldError) { self.error = error }
    }

    /// Creates an empty list.
    public init() {}

    /// Creates an empty list with memory for `count` headers of `bytes` bytes in total, names and values.
    package init(reserving bytes: Int, count: Int) {
        records.reserveCapacity(bytes + count * Record.prefix)
    }

    /// Whether there are no headers.
    public var isEmpty: Bool { count == 0 }

    /// The first value of `name`, in any case; nil if there is none. Setting a value replaces all headers of that name;
    /// nil removes them.
    public subscript(name: String) -> String? {
        get { first(name.utf8.span).map { String(fieldValue: records.span.extracting($0)) } }
        set {
            guard let newValue else { return remove(name) }
            do { try set(name, newValue) } catch { refusal = refusal ?? Refusal(error) }
        }
    }

    /// Returns the values of `name`, in any case, in order of arrival.
    public func values(of name: String) -> [String] {
        var found: [String] = []
        forEachRecord { record, bytes in
            guard bytes.extracting(record.name).equalsIgnoringCase(name.utf8.span) else { return }
            found.append(String(fieldValue: bytes.extracting(record.value)))
        }
        return found
    }

    /// Whether there is a header named `name`, in any case.
    public func contains(_ name: String) -> Bool {
        first(name.utf8.span) != nil
    }

    /// Adds a header at the end.
    ///
    /// - Throws: ``HTTPFieldError`` if the name is not a token or the value contains a control character other than
    ///   HTAB.
    public mutating func append(_ name: String, _ value: String) throws(HTTPFieldError) {
        try check(name, value)
        append(uncheckedName: name.utf8.span, value: value.utf8.span)
    }

    /// Replaces all headers of that name with one at the end.
    ///
    /// - Throws: ``HTTPFieldError`` if the name is not a token or the value contains a control character other than
    ///   HTAB.
    public mutating func set(_ name: String, _ value: String) throws(HTTPFieldError) {
        try check(name, value)
        remove(name)
        append(uncheckedName: name.utf8.span, value: value.utf8.span)
    }

    /// Replaces all headers of that name with one. The name must be a token and the value must have been checked.
    package mutating func set(uncheckedName name: String, _ value: String) {
        remove(name)
        append(uncheckedName: name.utf8.span, value: value.utf8.span)
    }

    /// Removes all headers of that name.
    public mutating func remove(_ name: String) {
        guard contains(name) else { return }
        var kept = HTTPFields(reserving: records.count, count: 0)
        forEachRecord { record, bytes in
            guard !bytes.extracting(record.name).equalsIgnoringCase(name.utf8.span) else { return }
            kept.append(uncheckedName: bytes.extracting(record.name), value: bytes.extracting(record.value))
        }
        kept.refusal = refusal
        self = kept
    }

    /// Adds the headers of `other` at the end.
    public mutating func append(contentsOf other: HTTPFields) {
        records.append(contentsOf: other.records)
        count += other.count
        refusal = refusal ?? other.refusal
    }

    /// Adds the headers of `other` whose names are not in this list.
    package mutating func appendMissing(of other: HTTPFields) {
        var known = 0
        other.forEachRecord { record, bytes in if first(bytes.extracting(record.name)) != nil { known += 1 } }
        if known == 0 { return append(contentsOf: other) }
        other.forEachRecord { record, bytes in
            let name = bytes.extracting(record.name)
            if first(name) == nil { append(uncheckedName: name, value: bytes.extracting(record.value)) }
        }
        refusal = refusal ?? other.refusal
    }

    /// Checks that every assignment by subscript succeeded.
    ///
    /// - Throws: The error of the first one that failed.
    package func check() throws(HTTPFieldError) {
        if let refusal { throw refusal.error }
    }

    private func check(_ name: String, _ value: String) throws(HTTPFieldError) {
        let bytes = name.utf8.span
        var isToken = true
        for index in bytes.indices where !bytes[index].isHTTPToken { isToken = false }
        guard !name.isEmpty, isToken, bytes.count <= Int(UInt16.max) else { throw .name(name) }
        if Self.isPlain(value.utf8.span) { return }
        // The text may contain the byte 0x85 as part of a character. Only the scalar U+0085 ends a line.
        let holdsControl = value.unicodeScalars.contains {
            ($0.value < 0x20 && $0.value != 0x09) || ($0.value >= 0x7F && $0.value <= 0x9F)
        }
        guard !holdsControl else { throw .value(value, of: name) }
    }

    /// Whether the text is all printable ASCII, as nearly every value is.
    private static func isPlain(_ text: Span<UInt8>) -> Bool {
        for index in text.indices where text[index] < 0x20 || text[index] > 0x7E { return false }
        return true
    }
}

extension HTTPFields {
    /// The positions of a record's parts.
    package struct Record {
        static let prefix = 6
        /// The range of the name's bytes.
        package let name: Range<Int>
        /// The range of the value's bytes.
        package let value: Range<Int>

        init(_ bytes: Span<UInt8>, at offset: Int) {
            let nameCount = Int(bytes[offset]) | Int(bytes[offset &+ 1]) &<< 8
            let valueCount =
                Int(bytes[offset &+ 2]) | Int(bytes[offset &+ 3]) &<< 8
                | Int(bytes[offset &+ 4]) &<< 16 | Int(bytes[offset &+ 5]) &<< 24
            let start = offset &+ Self.prefix
            name = start..<start &+ nameCount
            value = start &+ nameCount..<start &+ nameCount &+ valueCount
        }
    }

    /// The maximum length of a header's name, in bytes.
    static let longestName = Int(UInt16.max)

    /// Adds a header whose name is a token, in any case, and whose value has been checked.
    package mutating func append(uncheckedName name: Span<UInt8>, value: Span<UInt8>) {
        let nameCount = name.count
        let valueCount = value.count
        precondition(nameCount <= Self.longestName && valueCount <= Int(UInt32.max), "The header is too long.")
        // The record is built on the stack and appended once, because growing the array is the main cost.
        unsafe withUnsafeTemporaryAllocation(
            byteCount: Record.prefix &+ nameCount &+ valueCount, alignment: 1
        ) { target in
            // SAFETY: every offset is below the sum of the lengths, which is the number of allocated bytes.
            unsafe target.storeBytes(of: UInt16(nameCount).littleEndian, toByteOffset: 0, as: UInt16.self)
            unsafe target.storeBytes(of: UInt32(valueCount).littleEndian, toByteOffset: 2, as: UInt32.self)
            guard let base = target.baseAddress else { preconditionFailure("A record is never empty.") }
            let start = unsafe base + Record.prefix
            unsafe name.withUnsafeBytes { source in
                for index in 0..<nameCount {
                    unsafe start.storeBytes(of: source[index].asciiLowercased, toByteOffset: index, as: UInt8.self)
                }
            }
            unsafe value.withUnsafeBytes { source in
                guard let first = source.baseAddress else { return }
                unsafe (start + nameCount).copyMemory(from: first, byteCount: valueCount)
            }
            unsafe records.append(contentsOf: UnsafeRawBufferPointer(target))
        }
        count += 1
    }

    /// Calls `body` with each header's positions, in order, and the bytes that they refer to.
    package func forEachRecord<Failure: Error>(
        _ body: (Record, Span<UInt8>) throws(Failure) -> Void
    ) throws(Failure) {
        let bytes = records.span
        var offset = 0
        while offset < bytes.count {
            let record = Record(bytes, at: offset)
            try body(record, bytes)
            offset = record.value.upperBound
        }
    }

    /// The range of the first value of `name`; nil if there is none.
    private func first(_ name: Span<UInt8>) -> Range<Int>? {
        let bytes = records.span
        var offset = 0
        while offset < bytes.count {
            let record = Record(bytes, at: offset)
            if bytes.extracting(record.name).equalsIgnoringCase(name) { return record.value }
            offset = record.value.upperBound
        }
        return nil
    }

    /// Whether `element`, in any case, is in the comma-separated lists of all headers named `name` (RFC 9110 §5.6.1).
    package func list(_ name: String, contains element: String) -> Bool {
        var found = false
        forEachRecord { record, bytes in
            guard !found, bytes.extracting(record.name).equalsIgnoringCase(name.utf8.span) else { return }
            var start = record.value.lowerBound
            for end in record.value.lowerBound...record.value.upperBound
            where end == record.value.upperBound || bytes[end] == 0x2C {
                let part = bytes.extracting(bytes.trimmed(start..<end))
                if part.equalsIgnoringCase(element.utf8.span) { found = true }
                start = end + 1
            }
        }
        return found
    }
}

extension HTTPFields: Sequence {
    /// An iterator over the headers, in order of arrival.
    public struct Iterator: IteratorProtocol {
        fileprivate let records: [UInt8]
        fileprivate var offset = 0

        /// Returns the next header, with its name in lower case; nil at the end.
        public mutating func next() -> (name: String, value: String)? {
            guard offset < records.count else { return nil }
            let record = Record(records.span, at: offset)
            offset = record.value.upperBound
            return (
                String(ascii: records.span.extracting(record.name)),
                String(fieldValue: records.span.extracting(record.value))
            )
        }
    }

    /// Returns an iterator over the headers, in order of arrival.
    public func makeIterator() -> Iterator {
        Iterator(records: records)
    }

    /// The number of headers.
    public var underestimatedCount: Int { count }
}

extension HTTPFields: Equatable {
    /// Whether both have the same headers in the same order.
    public static func == (left: HTTPFields, right: HTTPFields) -> Bool {
        left.records == right.records
    }
}

extension HTTPFields: ExpressibleByDictionaryLiteral {
    /// Creates a list from the literal, in its order. An invalid header makes the response fail, as an assignment by
    /// subscript does.
    public init(dictionaryLiteral elements: (String, String)...) {
        for (name, value) in elements {
            do { try append(name, value) } catch { refusal = refusal ?? Refusal(error) }
        }
    }
}

extension HTTPFields: CustomStringConvertible {
    /// The headers, one per line: `host: example.com`.
    public var description: String {
        map { "\($0.name): \($0.value)" }.joined(separator: "\n")
    }
}

/// An error for a header that cannot be sent: its name is not a token, or its value would start another header.
public struct HTTPFieldError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The problem, with the header's name or value.
    public let description: String

    package init(_ description: String) {
        self.description = description
    }

    static func name(_ name: String) -> HTTPFieldError {
        HTTPFieldError(
            "\(name.debugDescription) is not a header name: use 1 to 65535 letters, digits and "
                + "!#$%&'*+-.^_`|~ (RFC 9110 §5.6.2).")
    }

    static func value(_ value: String, of name: String) -> HTTPFieldError {
        HTTPFieldError(
            "The value \(value.debugDescription) of the header '\(name)' contains a control character, which could "
                + "start another header (RFC 9110 §5.5).")
    }
}
