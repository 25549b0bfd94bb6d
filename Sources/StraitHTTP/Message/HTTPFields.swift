/// Header fields in their order of arrival; a name may occur several times, and its case does not matter.
///
/// Names are kept in lower case, as in an ASGI scope. All fields share one block of memory: an idle connection that
/// keeps its request's fields pays little more than their text. Looking a name up walks the block.
///
/// What an application sets is checked: a line break in a value would let whoever chose it write fields of their own.
/// ``append(_:_:)`` and ``set(_:_:)`` throw; an assignment by subscript cannot, so the response that carries the
/// refused field fails with the error when it is sent.
public struct HTTPFields: Sendable {
    /// Records one behind the other: the name's length (2 bytes), the value's (4), the name, the value.
    private var records: [UInt8] = []
    /// The number of fields.
    public private(set) var count = 0
    /// The first error of an assignment that could not throw; boxed, as there hardly ever is one.
    private var refusal: Refusal?

    private final class Refusal: Sendable {
        let error: HTTPFieldError
        init(_ error: HTTPFieldError) { self.error = error }
    }

    public init() {}

    /// No fields yet, with room for `bytes` of names and values in `count` fields.
    package init(reserving bytes: Int, count: Int) {
        records.reserveCapacity(bytes + count * Record.prefix)
    }

    public var isEmpty: Bool { count == 0 }

    /// The first value of `name`, nil where there is none. Setting replaces every field of that name, nil removes them.
    public subscript(name: String) -> String? {
        get { first(name.utf8.span).map { String(fieldValue: records.span.extracting($0)) } }
        set {
            guard let newValue else { return remove(name) }
            do { try set(name, newValue) } catch { refusal = refusal ?? Refusal(error) }
        }
    }

    /// The values of `name` in their order of arrival.
    public func values(of name: String) -> [String] {
        var found: [String] = []
        forEachRecord { record, bytes in
            guard bytes.extracting(record.name).equalsIgnoringCase(name.utf8.span) else { return }
            found.append(String(fieldValue: bytes.extracting(record.value)))
        }
        return found
    }

    /// Whether there is a field of that name.
    public func contains(_ name: String) -> Bool {
        first(name.utf8.span) != nil
    }

    /// Adds a field behind the others.
    ///
    /// - Throws: ``HTTPFieldError`` where the name is no token or the value holds a control character other than HTAB.
    public mutating func append(_ name: String, _ value: String) throws(HTTPFieldError) {
        try check(name, value)
        append(uncheckedName: name.utf8.span, value: value.utf8.span)
    }

    /// Replaces every field of that name by one, which takes the place behind the others.
    ///
    /// - Throws: ``HTTPFieldError`` where the name is no token or the value holds a control character other than HTAB.
    public mutating func set(_ name: String, _ value: String) throws(HTTPFieldError) {
        try check(name, value)
        remove(name)
        append(uncheckedName: name.utf8.span, value: value.utf8.span)
    }

    /// Replaces every field of that name by one whose name is a token and whose value was checked.
    package mutating func set(uncheckedName name: String, _ value: String) {
        remove(name)
        append(uncheckedName: name.utf8.span, value: value.utf8.span)
    }

    /// Removes every field of that name.
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

    /// Adds the fields of `other` behind these.
    public mutating func append(contentsOf other: HTTPFields) {
        records.append(contentsOf: other.records)
        count += other.count
        refusal = refusal ?? other.refusal
    }

    /// Adds those fields of `other` behind these whose name is not here.
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

    /// - Throws: the error of the first assignment by subscript that was refused.
    package func check() throws(HTTPFieldError) {
        if let refusal { throw refusal.error }
    }

    private func check(_ name: String, _ value: String) throws(HTTPFieldError) {
        let bytes = name.utf8.span
        var isToken = true
        for index in bytes.indices where !bytes[index].isHTTPToken { isToken = false }
        guard !name.isEmpty, isToken, bytes.count <= Int(UInt16.max) else { throw .name(name) }
        if Self.isPlain(value.utf8.span) { return }
        // Text is UTF-8 here, where 0x85 is an ordinary continuation byte; only U+0085 itself is the line's end.
        let holdsControl = value.unicodeScalars.contains {
            ($0.value < 0x20 && $0.value != 0x09) || ($0.value >= 0x7F && $0.value <= 0x9F)
        }
        guard !holdsControl else { throw .value(value, of: name) }
    }

    /// Whether all of a text is printable ASCII, as nearly every field's is.
    private static func isPlain(_ text: Span<UInt8>) -> Bool {
        for index in text.indices where text[index] < 0x20 || text[index] > 0x7E { return false }
        return true
    }
}

extension HTTPFields {
    /// Where a record's parts lie.
    package struct Record {
        static let prefix = 6
        package let name: Range<Int>
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

    /// Adds a field whose name is a token and whose value was checked; the name may be in any case.
    package mutating func append(uncheckedName name: Span<UInt8>, value: Span<UInt8>) {
        let nameCount = name.count
        let valueCount = value.count
        precondition(nameCount <= Self.longestName && valueCount <= Int(UInt32.max), "The header is too long.")
        // The record is put together on the stack and appended once: growing the array is what costs here.
        unsafe withUnsafeTemporaryAllocation(
            byteCount: Record.prefix &+ nameCount &+ valueCount, alignment: 1
        ) { target in
            // Sound: every offset is below the sum that was allocated.
            unsafe target.storeBytes(of: UInt16(nameCount).littleEndian, toByteOffset: 0, as: UInt16.self)
            unsafe target.storeBytes(of: UInt32(valueCount).littleEndian, toByteOffset: 2, as: UInt32.self)
            let start = unsafe target.baseAddress! + Record.prefix
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

    /// Calls `body` with the place of every field in order, and the bytes that it lies in.
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

    /// Where the first value of `name` lies.
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

    /// Calls `body` with the first value of `name` in place, and returns nil where there is none.
    package func withFirst<Result>(_ name: String, _ body: (Span<UInt8>) -> Result) -> Result? {
        first(name.utf8.span).map { body(records.span.extracting($0)) }
    }

    /// Whether one of the comma-separated elements of the fields `name` is `element`, in any case (RFC 9110 §5.6.1).
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
    /// Goes through the fields in their order of arrival.
    public struct Iterator: IteratorProtocol {
        fileprivate let records: [UInt8]
        fileprivate var offset = 0

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

    public func makeIterator() -> Iterator {
        Iterator(records: records)
    }

    public var underestimatedCount: Int { count }
}

extension HTTPFields: Equatable {
    /// Whether both hold the same fields in the same order.
    public static func == (left: HTTPFields, right: HTTPFields) -> Bool {
        left.records == right.records
    }
}

extension HTTPFields: ExpressibleByDictionaryLiteral {
    /// The fields of the literal in its order. A field that cannot be sent makes the response fail, as with an
    /// assignment.
    public init(dictionaryLiteral elements: (String, String)...) {
        for (name, value) in elements {
            do { try append(name, value) } catch { refusal = refusal ?? Refusal(error) }
        }
    }
}

extension HTTPFields: CustomStringConvertible {
    /// One field a line: `host: example.com`.
    public var description: String {
        map { "\($0.name): \($0.value)" }.joined(separator: "\n")
    }
}
