internal import StraitNetwork

/// Takes the body of a form with files apart as it arrives (RFC 7578, RFC 2046 §5.1): bytes in, events out.
///
/// It keeps what it was fed last, the header of one part at most, and never a part's contents. However the body is cut,
/// the events are the same but for where ``MultipartEvent/bytes(_:)`` are divided. After an error it is done with.
package struct MultipartParser: ~Copyable {
    private enum Place {
        /// Before the first part, or in one that is overlooked.
        case nowhere
        /// Behind a boundary, where its line ends.
        case delimiter
        case header
        case field
        case file
        case epilogue
    }

    /// What is taken; may be changed between two calls.
    package var limits: MultipartLimits
    /// The coding of the fields' values. Names are in UTF-8, as in Django.
    package let charset: FormCharset
    /// CR LF, two hyphens and the boundary.
    private let delimiter: [UInt8]
    private var buffer = ByteBuffer()
    private var place = Place.nowhere
    /// Whether the line's end behind a header is still there: an empty part may share it with its boundary.
    private var mayShareLineEnd = false
    /// How much of the buffer has no end of a header in it.
    private var scanned = 0
    private var isEndDue = false
    private var isPartEndDue = false
    private var hasBytes = false
    private var fields = 0
    private var files = 0
    private var fieldBytes = 0

    /// A parser of a body whose parts `boundary` divides.
    ///
    /// - Throws: ``MultipartError`` where it is none (RFC 2046 §5.1.1).
    package init(
        boundary: String, charset: FormCharset = .utf8, limits: MultipartLimits = MultipartLimits()
    ) throws(MultipartError) {
        // More than the RFC allows, and as much as Django: some clients' boundaries have it.
        let isBoundary = boundary.utf8.allSatisfy { (0x20...0x7E).contains($0) }
        guard isBoundary, (1...70).contains(boundary.utf8.count), boundary.utf8.last != 0x20 else { throw .boundary }
        delimiter = Array("\r\n--\(boundary)".utf8)
        self.limits = limits
        self.charset = charset
        // The first boundary needs no line's end before it.
        buffer.append("\r\n" as StaticString)
    }

    /// A parser of a body of that `Content-Type`.
    ///
    /// - Throws: ``MultipartError`` where it names no boundary.
    package init(contentType: String, limits: MultipartLimits = MultipartLimits()) throws(MultipartError) {
        let parameters: HeaderParameters
        do { parameters = try HeaderParameters(contentType) } catch { throw .boundary }
        guard let boundary = parameters["boundary"] else { throw .boundary }
        let charset: FormCharset = if let name = parameters["charset"] { try FormCharset(named: name) } else { .utf8 }
        try self.init(boundary: boundary, charset: charset, limits: limits)
    }

    /// Takes the next bytes of the body. Ask for all events first: what is not taken apart yet stays in memory.
    package mutating func feed(_ bytes: Span<UInt8>) {
        hasBytes = hasBytes || !bytes.isEmpty
        buffer.append(bytes)
    }

    /// Has the body end here.
    ///
    /// - Throws: ``MultipartError`` where it is cut off. A body without any byte is a form without fields.
    package mutating func finish() throws(MultipartError) {
        guard hasBytes else {
            hasBytes = true
            place = .epilogue
            isEndDue = true
            return
        }
        guard place == .epilogue else { throw .truncated }
    }

    /// The next event, or nil where more of the body is needed, or none is left.
    ///
    /// - Throws: ``MultipartError`` for what is malformed or past a limit.
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

    /// Whether the boundary follows the header at once; nil where that cannot be said yet.
    private var isShared: Bool? {
        let bytes = buffer.span
        for index in 0..<delimiter.count {
            guard index < bytes.count else { return nil }
            guard bytes[index] == delimiter[index] else { return false }
        }
        return true
    }

    /// How many bytes come before the next boundary, and whether it is there; else how many are certainly before it.
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
            // A boundary has its only CR in front, so none begins within what matched.
            index &+= matched
        }
        return (index, false)
    }

    /// Reads what stands behind a boundary on its line; false where it is not all there.
    private mutating func readDelimiterEnd() throws(MultipartError) -> Bool {
        guard let end = try lineEnd() else { return false }
        buffer.consume(end.count)
        place = end.isLast ? .epilogue : .header
        isEndDue = end.isLast
        return true
    }

    /// What stands behind a boundary: two hyphens behind the last part, else spaces and CRLF, which is not counted: an
    /// empty header is then followed by an empty line like any other. Nil where it is not all there.
    private func lineEnd() throws(MultipartError) -> (count: Int, isLast: Bool)? {
        let bytes = buffer.span
        if !bytes.isEmpty, bytes[0] == 0x2D {
            guard bytes.count >= 2 else { return nil }
            guard bytes[1] == 0x2D else { throw .delimiter }
            return (2, true)
        }
        var index = 0
        while index < bytes.count, bytes[index].isHTTPSpace { index += 1 }
        // No client sends any; more than a few are there to keep us busy.
        guard index <= 128 else { throw .delimiter }
        for (offset, expected) in [(index, 0x0D as UInt8), (index + 1, 0x0A)] {
            guard offset < bytes.count else { return nil }
            guard bytes[offset] == expected else { throw .delimiter }
        }
        return (index, false)
    }

    /// Reads a part's header: nil where it is not all there, else the part, which is nil where it has no name.
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
            // Django's count, so that `a=` costs as much here as in a urlencoded form.
            try count(part.name.utf8.count + 2)
            place = .field
        }
        return .some(part)
    }

    private mutating func countField() throws(MultipartError) {
        fields += 1
        guard fields <= limits.fields else { throw .fields(limits.fields) }
    }

    /// Where in the buffer the empty line behind the header begins.
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
