import StraitCore

/// An incremental parser for the body of a form with files (RFC 7578, RFC 2046 §5.1).
///
/// The caller feeds bytes and reads events. The parser buffers only the bytes fed last and one part's headers, never a
/// part's contents. The events do not depend on how the body is cut into pieces, except that
/// ``MultipartEvent/bytes(_:)`` may be divided differently. After an error the parser cannot be used any more.
package struct MultipartParser: ~Copyable {
    private enum Place {
        /// Before the first part, or in a part that is ignored.
        case nowhere
        /// After a boundary, before the end of its line.
        case delimiter
        case header
        case field
        case file
        case epilogue
    }

    /// The limits. They may change between two calls.
    package var limits: MultipartLimits
    /// The encoding of the fields' values. Names are in UTF-8, as in Django.
    package let charset: FormCharset
    /// CRLF, two hyphens and the boundary.
    private let delimiter: [UInt8]
    private var buffer = ByteBuffer()
    private var place = Place.nowhere
    /// Whether the line end of the empty line after the headers is still in the buffer. In an empty part, that line end
    /// may also begin the next boundary.
    private var mayShareLineEnd = false
    /// The number of bytes in the buffer that are known not to end the headers.
    private var scanned = 0
    private var isEndDue = false
    private var isPartEndDue = false
    private var hasBytes = false
    private var fields = 0
    private var files = 0
    private var fieldBytes = 0

    /// Creates a parser for a body whose parts are separated by `boundary`.
    ///
    /// - Throws: ``MultipartError`` if the boundary is invalid (RFC 2046 §5.1.1).
    package init(
        boundary: String, charset: FormCharset = .utf8, limits: MultipartLimits = MultipartLimits()
    ) throws(MultipartError) {
        // Allows more characters than the RFC, as Django does, because some clients use them.
        let isBoundary = boundary.utf8.allSatisfy { (0x20...0x7E).contains($0) }
        guard isBoundary, (1...70).contains(boundary.utf8.count), boundary.utf8.last != 0x20 else { throw .boundary }
        delimiter = Array("\r\n--\(boundary)".utf8)
        self.limits = limits
        self.charset = charset
        // The first boundary needs no line end before it.
        buffer.append("\r\n" as StaticString)
    }

    /// Creates a parser for a body with the given `Content-Type`.
    ///
    /// - Throws: ``MultipartError`` if the header has no valid boundary, or names an encoding that is not supported.
    package init(contentType: String, limits: MultipartLimits = MultipartLimits()) throws(MultipartError) {
        let parameters: HeaderParameters
        do { parameters = try HeaderParameters(contentType) } catch { throw .boundary }
        guard let boundary = parameters["boundary"] else { throw .boundary }
        let charset: FormCharset = if let name = parameters["charset"] { try FormCharset(named: name) } else { .utf8 }
        try self.init(boundary: boundary, charset: charset, limits: limits)
    }

    /// Adds the next bytes of the body. Before that, call ``next()`` until it returns nil, because unparsed bytes stay
    /// in memory.
    package mutating func feed(_ bytes: Span<UInt8>) {
        hasBytes = hasBytes || !bytes.isEmpty
        buffer.append(bytes)
    }

    /// Marks the end of the body. A body without any bytes is a form without fields.
    ///
    /// - Throws: ``MultipartError`` if the body is truncated.
    package mutating func finish() throws(MultipartError) {
        guard hasBytes else {
            hasBytes = true
            place = .epilogue
            isEndDue = true
            return
        }
        guard place == .epilogue else { throw .truncated }
    }

    /// Returns the next event; nil if more of the body is needed, or after the last event.
    ///
    /// - Throws: ``MultipartError`` for malformed data or an exceeded limit.
    package mutating func next() throws(MultipartError) -> MultipartEvent? {
        while true {
            if isPartEndDue {
                isPartEndDue = false
                return .partEnd
            }
            if isEndDue {
                isEndDue = false
                return .end
            }
            switch place {
            case .delimiter:
                guard try readDelimiterEnd() else { return nil }
            case .header:
                guard let event = try readHeader() else { return nil }
                if let part = event { return .part(part) }
            case .nowhere, .field, .file:
                if mayShareLineEnd {
                    guard let isShared else { return nil }
                    mayShareLineEnd = false
                    if !isShared { buffer.consume(2) }
                }
                let found = search()
                let isInside = place != .nowhere
                if place != .file, found.count > 0 { try count(found.count) }
                let bytes = found.count > 0 && isInside ? Bytes(buffer.span.extracting(0..<found.count)) : nil
                buffer.consume(found.count + (found.isComplete ? delimiter.count : 0))
                if found.isComplete {
                    place = .delimiter
                    isPartEndDue = isInside
                }
                if let bytes { return .bytes(bytes) }
                if !found.isComplete { return nil }
            case .epilogue:
                let rest = buffer.count
                buffer.removeAll()
                try count(rest)
                return nil
            }
        }
    }

    private mutating func count(_ bytes: Int) throws(MultipartError) {
        fieldBytes += bytes
        guard fieldBytes <= limits.fieldBytes else { throw .fieldBytes(limits.fieldBytes) }
    }

    /// Whether a boundary directly follows the headers; nil if more bytes are needed to know.
    private var isShared: Bool? {
        let bytes = buffer.span
        for index in 0..<delimiter.count {
            guard index < bytes.count else { return nil }
            guard bytes[index] == delimiter[index] else { return false }
        }
        return true
    }

    /// The number of bytes before the next boundary, and whether that boundary is complete. Without a complete
    /// boundary, the number of bytes that cannot belong to one.
    private func search() -> (count: Int, isComplete: Bool) {
        let bytes = buffer.span
        var index = 0
        while index < bytes.count {
            guard bytes[index] == 0x0D else {
                index &+= 1
                continue
            }
            var matched = 1
            while matched < delimiter.count, index &+ matched < bytes.count,
                bytes[index &+ matched] == delimiter[matched]
            {
                matched &+= 1
            }
            if matched == delimiter.count { return (index, true) }
            if index &+ matched == bytes.count { return (index, false) }
            // CR only occurs at the start of a delimiter, so no other one begins in the matched bytes.
            index &+= matched
        }
        return (index, false)
    }

    /// Reads the rest of a boundary's line. Returns false if more bytes are needed.
    private mutating func readDelimiterEnd() throws(MultipartError) -> Bool {
        guard let end = try lineEnd() else { return false }
        buffer.consume(end.count)
        place = end.isLast ? .epilogue : .header
        isEndDue = end.isLast
        return true
    }

    /// The length of the text after a boundary, and whether it is the last boundary; nil if more bytes are needed.
    ///
    /// The text is two hyphens after the last boundary, otherwise spaces and CRLF. The CRLF is not counted, so that an
    /// empty line also ends an empty header section.
    private func lineEnd() throws(MultipartError) -> (count: Int, isLast: Bool)? {
        let bytes = buffer.span
        if !bytes.isEmpty, bytes[0] == 0x2D {
            guard bytes.count >= 2 else { return nil }
            guard bytes[1] == 0x2D else { throw .delimiter }
            return (2, true)
        }
        var index = 0
        while index < bytes.count, bytes[index].isHTTPSpace { index += 1 }
        // Clients send no spaces here. Many of them would be an attack on the server's time.
        guard index <= 128 else { throw .delimiter }
        for (offset, expected) in [(index, 0x0D as UInt8), (index + 1, 0x0A)] {
            guard offset < bytes.count else { return nil }
            guard bytes[offset] == expected else { throw .delimiter }
        }
        return (index, false)
    }

    /// Reads a part's headers. Returns nil if more bytes are needed, and `.some(nil)` for a part that is ignored.
    private mutating func readHeader() throws(MultipartError) -> MultipartPart?? {
        guard let end = headerEnd() else {
            scanned = buffer.count
            guard buffer.count <= limits.partHeader + 3 else { throw .partHeader(limits.partHeader) }
            return .none
        }
        guard end <= limits.partHeader else { throw .partHeader(limits.partHeader) }
        let header = try MultipartHeader(buffer.span.extracting(2..<max(2, end)))
        buffer.consume(end)
        mayShareLineEnd = true
        scanned = 0
        guard let part = header.part else {
            try countField()
            place = .nowhere
            return .some(nil)
        }
        if part.isFile {
            files += 1
            guard files <= limits.files else { throw .files(limits.files) }
            place = .file
        } else {
            try countField()
            // The same count as Django's, so that `a=` costs as much as in a URL-encoded form.
            try count(part.name.utf8.count + 2)
            place = .field
        }
        return .some(part)
    }

    private mutating func countField() throws(MultipartError) {
        fields += 1
        guard fields <= limits.fields else { throw .fields(limits.fields) }
    }

    /// The index of the empty line after the headers; nil if more bytes are needed.
    private func headerEnd() -> Int? {
        let bytes = buffer.span
        var index = max(0, scanned - 3)
        while index + 3 < bytes.count {
            if bytes[index] == 0x0D, bytes[index + 1] == 0x0A, bytes[index + 2] == 0x0D, bytes[index + 3] == 0x0A {
                return index + 2
            }
            index += 1
        }
        return nil
    }
}

/// The limits for a multipart body. Data over a limit is rejected before it is stored.
///
/// Regardless of these limits, the boundary has at most 70 characters (RFC 2046 §5.1.1).
public struct MultipartLimits: Sendable, Hashable {
    /// The maximum size of one part's header lines, with their line ends, in bytes. Django's limit is 1,024.
    public var partHeader = 8 * 1024
    /// The maximum number of parts that are fields, including parts without a name; Django's
    /// `DATA_UPLOAD_MAX_NUMBER_FIELDS`.
    public var fields = 1000
    /// The maximum number of parts that are files; Django's `DATA_UPLOAD_MAX_NUMBER_FILES`.
    public var files = 100
    /// The maximum size of the body without the contents of files, in bytes; Django's `DATA_UPLOAD_MAX_MEMORY_SIZE`.
    ///
    /// This counts the names and values of fields, the text before the first part and after the last one, and parts
    /// without a name.
    public var fieldBytes = 2_621_440

    /// Creates the default limits.
    public init() {}
}

/// An error in a multipart body. Its text says what the client should send instead.
public struct MultipartError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The status of the response: 400 for malformed data, 413 for an exceeded limit.
    public let status: HTTPStatus
    /// The problem, in words that are safe to show to the client.
    public let description: String

    init(_ status: HTTPStatus, _ description: String) {
        self.status = status
        self.description = description
    }

    private static func bad(_ description: String) -> MultipartError { MultipartError(.badRequest, description) }

    static let boundary = bad(
        "The multipart Content-Type has no valid boundary. A boundary has 1 to 70 letters, digits, spaces and "
            + "'()+_,-./:=? (RFC 2046 §5.1.1). Let the browser or the client's library choose it.")
    static let truncated = bad(
        "The multipart body ends without its closing boundary: send all of it, up to '--boundary--'.")
    static let delimiter = bad(
        "A boundary in the multipart body has text after it. Send CRLF after a boundary, and '--' after the last one."
    )
    static let headerLine = bad(
        "A part has an invalid header line. Send 'name: value' in UTF-8 without control characters, ended by CRLF.")
    static let disposition = bad(
        "A part has an invalid Content-Disposition. Send 'form-data; name=\"…\"', optionally with filename=\"…\", "
            + "each once.")
    static let parameterText = bad(
        """
        A part's Content-Disposition has an invalid extended parameter. Send UTF-8''percent-encoded text \
        (RFC 8187 §3.2).
        """
    )
    package static let combiningMarks = bad(
        """
        The form has a name or value with more than 30 combining marks in a row (Unicode UAX #15). Remove some of \
        them.
        """
    )
    static let control = bad("A part's name or file name contains a control character. Rename the file.")
    static func transferEncoding(_ name: String) -> MultipartError {
        bad(
            "A part has the Content-Transfer-Encoding \(name.debugDescription), which HTTP does not use "
                + "(RFC 7578 §4.7). Send the bytes unencoded.")
    }
    static func charset(_ name: String) -> MultipartError {
        bad("The body's encoding \(name.debugDescription) is not supported. Send UTF-8 or ISO 8859-1.")
    }
    static let nested = bad(
        "A part is itself multipart, which is obsolete (RFC 7578 §4.3). Send several files as parts of the same name.")

    static func partHeader(_ limit: Int) -> MultipartError {
        bad("The header lines of a part are longer than \(limit) bytes. Give the file a shorter name.")
    }
    static func fields(_ limit: Int) -> MultipartError {
        MultipartError(.contentTooLarge, "The form has more fields than the limit of \(limit). Send fewer.")
    }
    static func files(_ limit: Int) -> MultipartError {
        if limit == 0 {
            return MultipartError(.contentTooLarge, "The form accepts no files. Send only its fields.")
        }
        return MultipartError(
            .contentTooLarge, "The form has more files than the limit of \(limit). Send fewer at a time.")
    }
    static func fieldBytes(_ limit: Int) -> MultipartError {
        MultipartError(
            .contentTooLarge,
            "The form's fields are larger than the limit of \(limit) bytes. Send large data as a file.")
    }
}
