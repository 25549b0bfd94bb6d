package import StraitCore

/// The field or file in one part of a form, as the part's headers describe it (RFC 7578 §4.2).
public struct MultipartPart: Sendable, Equatable {
    /// The field's name, without spaces around it.
    public let name: String
    /// The file's name on the client; nil for a field that is not a file.
    ///
    /// It is the last component of a path, without control characters, and never empty, `.` or `..`. The client chooses
    /// it: do not use it as a path on the server.
    public let filename: String?
    /// The part's media type without parameters, in lower case, such as `image/png`; nil if the part names none. The
    /// client chooses it.
    public let contentType: MediaType?
    /// All headers of the part.
    public let headers: HTTPFields

    /// Creates a part, for tests.
    public init(
        name: String, filename: String? = nil, contentType: MediaType? = nil, headers: HTTPFields = HTTPFields()
    ) {
        self.name = name
        self.filename = filename
        self.contentType = contentType
        self.headers = headers
    }

    /// Whether the part is a file.
    public var isFile: Bool { filename != nil }
}

/// The headers of one part and their meaning (RFC 7578 §4).
struct MultipartHeader {
    /// The part; nil if it has no name, or if its file name is empty after cleaning. Django ignores such parts too.
    let part: MultipartPart?

    /// Reads header lines, each of which ends in CRLF.
    ///
    /// - Throws: ``MultipartError`` for an invalid line, a transfer encoding, or nested parts.
    init(_ lines: Span<UInt8>) throws(MultipartError) {
        guard StreamSafeText.isStreamSafe(lines) else { throw .combiningMarks }
        var fields = HTTPFields()
        var start = 0
        while start < lines.count {
            guard let end = lines.firstLineFeed(from: start), end > start, lines[end - 1] == 0x0D else {
                throw .headerLine
            }
            try Self.add(lines.extracting(start..<end - 1), to: &fields)
            start = end + 1
        }
        if let coding = fields["content-transfer-encoding"]?.lowercased() {
            guard ["binary", "8bit", "7bit"].contains(coding) else { throw .transferEncoding(coding) }
        }
        let type = fields["content-type"].map { String($0.unicodeScalars.prefix { $0 != ";" }).lowercased() }?
            .trimmed
        if let type, type.utf8.starts(with: "multipart/".utf8) { throw .nested }
        guard fields.values(of: "content-disposition").count < 2 else { throw .disposition }
        guard let text = fields["content-disposition"] else {
            part = nil
            return
        }
        let disposition = try HeaderParameters(text)
        guard let name = disposition["name"]?.trimmed else {
            part = nil
            return
        }
        guard !name.unicodeScalars.contains(where: UploadName.isControl) else { throw .control }
        // The check above saw the name before it was percent-decoded.
        guard name.isStreamSafe else { throw .combiningMarks }
        let contentType = type.flatMap { $0.isEmpty ? nil : MediaType(rawValue: $0) }
        // An empty file name makes the part a field. Browsers send it when the user chose no file.
        guard let filename = disposition["filename"], !filename.isEmpty else {
            part = MultipartPart(name: name, contentType: contentType, headers: fields)
            return
        }
        part = try UploadName.sanitized(filename).map {
            MultipartPart(name: name, filename: $0, contentType: contentType, headers: fields)
        }
    }

    private static func add(_ line: Span<UInt8>, to fields: inout HTTPFields) throws(MultipartError) {
        var colon = 0
        while colon < line.count, line[colon].isHTTPToken { colon += 1 }
        guard colon > 0, colon < line.count, line[colon] == 0x3A, colon <= HTTPFields.longestName else {
            throw .headerLine
        }
        let value = line.extracting(line.trimmed(colon + 1..<line.count))
        guard value.isHTTPFieldValue, (try? UTF8Span(validating: value)) != nil else { throw .headerLine }
        fields.append(uncheckedName: line.extracting(0..<colon), value: value)
    }
}

extension String {
    /// The text without spaces and tabs at either end.
    fileprivate var trimmed: String {
        guard let first = unicodeScalars.firstIndex(where: { $0 != " " && $0 != "\t" }),
            let last = unicodeScalars.lastIndex(where: { $0 != " " && $0 != "\t" })
        else { return "" }
        return String(unicodeScalars[first...last])
    }
}

/// An event from a ``MultipartParser``.
package enum MultipartEvent: Sendable, Equatable {
    /// The start of a part.
    case part(MultipartPart)
    /// A piece of the part's contents; never empty.
    case bytes(Bytes)
    /// The end of the part.
    case partEnd
    /// The end of the last part.
    case end
}
