internal import Glibc

/// An immutable sequence of bytes. Passing it on shares its memory instead of copying it.
///
/// A message that a consumer receives and sends to a thousand sockets stays one block of memory. A slice shares the
/// block and keeps all of it alive. Use `Array(bytes)` to copy a small slice that you keep for a long time.
public struct Bytes: Sendable {
    @usableFromInline package let storage: ByteStorage
    @usableFromInline package let offset: Int
    /// The number of bytes.
    public let count: Int

    @inlinable @inline(__always)
    package init(storage: ByteStorage, offset: Int, count: Int) {
        self.storage = storage
        self.offset = offset
        self.count = count
    }

    /// An empty value.
    public init() {
        self.init(storage: .empty, offset: 0, count: 0)
    }

    /// Copies the bytes of `span`.
    public init(_ span: Span<UInt8>) {
        var buffer = ByteBuffer(capacity: span.count)
        buffer.append(span)
        self = buffer.freeze()
    }

    /// Copies the UTF-8 code units of `string`.
    public init(_ string: String) {
        var buffer = ByteBuffer(capacity: string.utf8.count)
        buffer.append(string)
        self = buffer.freeze()
    }

    /// Copies the elements of `bytes`.
    public init(_ bytes: some Sequence<UInt8>) {
        var buffer = ByteBuffer(capacity: bytes.underestimatedCount)
        // SAFETY: the pointer is used only during the call that provides it.
        let isCopied: Void? = bytes.withContiguousStorageIfAvailable { source in
            unsafe buffer.append(Span(_unsafeElements: source))
        }
        if isCopied == nil { for byte in bytes { buffer.append(byte) } }
        self = buffer.freeze()
    }

    /// The bytes in place, valid while this value is alive.
    public var span: Span<UInt8> {
        @_lifetime(borrow self)
        borrowing get {
            // SAFETY: the storage outlives `self`, whose borrow bounds the span, and its bytes never change again.
            let start = unsafe (storage.base + offset).assumingMemoryBound(to: UInt8.self)
            return unsafe _overrideLifetime(Span(_unsafeStart: UnsafePointer(start), count: count), borrowing: self)
        }
    }

    /// Returns the bytes in `range`, which share this value's memory.
    ///
    /// - Precondition: `range` lies within `0..<count`.
    public func slice(_ range: Range<Int>) -> Bytes {
        precondition(range.lowerBound >= 0 && range.upperBound <= count, "The range lies outside of the bytes.")
        return Bytes(storage: storage, offset: offset + range.lowerBound, count: range.count)
    }
}

extension Bytes: RandomAccessCollection {
    /// The index of the first byte, always 0.
    public var startIndex: Int { 0 }
    /// The index after the last byte, equal to ``count``.
    public var endIndex: Int { count }

    /// The byte at `position`.
    ///
    /// - Precondition: `position` is at least 0 and less than ``count``.
    public subscript(position: Int) -> UInt8 {
        precondition(position >= 0 && position < count, "The index lies outside of the bytes.")
        // SAFETY: the index has been checked, and the bytes were written before this value was created.
        return unsafe storage.base.load(fromByteOffset: offset + position, as: UInt8.self)
    }

    /// Calls `body` with the bytes in place. The result is never nil, because the bytes are always contiguous.
    public func withContiguousStorageIfAvailable<Result>(
        _ body: (UnsafeBufferPointer<UInt8>) throws -> Result
    ) rethrows -> Result? {
        // SAFETY: `self` holds the storage, so the pointer is valid during the call.
        let start = unsafe UnsafePointer((storage.base + offset).assumingMemoryBound(to: UInt8.self))
        return unsafe try body(UnsafeBufferPointer(start: start, count: count))
    }
}

extension Bytes: Hashable {
    /// Whether both values have the same bytes.
    public static func == (left: Bytes, right: Bytes) -> Bool {
        guard left.count == right.count else { return false }
        // SAFETY: both storages hold the `count` bytes that are compared.
        return unsafe memcmp(left.storage.base + left.offset, right.storage.base + right.offset, left.count) == 0
    }

    /// Hashes the number of bytes and the bytes.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(count)
        // SAFETY: the storage holds the `count` bytes after the offset.
        unsafe hasher.combine(bytes: UnsafeRawBufferPointer(start: storage.base + offset, count: count))
    }
}

extension Bytes: ExpressibleByArrayLiteral {
    /// Copies the bytes of an array literal.
    public init(arrayLiteral elements: UInt8...) {
        self.init(elements)
    }
}

extension Bytes: CustomStringConvertible {
    /// The number of bytes and the first 16 of them in hexadecimal: `5 bytes: 68 65 6c 6c 6f`.
    public var description: String {
        let shown = prefix(16).map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }
        return "\(count) bytes" + (isEmpty ? "" : ": " + shown.joined(separator: " ") + (count > 16 ? " …" : ""))
    }
}

extension String {
    /// Decodes `bytes` as UTF-8. The result is nil if they are not valid UTF-8.
    public init?(utf8 bytes: Bytes) {
        guard let text = try? UTF8Span(validating: bytes.span) else { return nil }
        self.init(copying: text)
    }
}

/// A string literal stands for its UTF-8 bytes.
extension Bytes: ExpressibleByStringLiteral {
    /// Copies the UTF-8 bytes of a string literal.
    public init(stringLiteral text: String) { self.init(text) }
}
