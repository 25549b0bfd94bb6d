package import StraitCore

/// An error in a JSON document: invalid JSON, an exceeded limit, or JSON that does not match the type to decode.
///
/// The text is safe to show to a client. It states the problem and the expected JSON. It quotes only single characters
/// and key names of the document.
public struct JSONError: Error, Hashable, Sendable {
    /// The kind of error, for code that handles it.
    public enum Code: Sendable, Hashable {
        /// The bytes are not valid JSON (RFC 8259).
        case syntax
        /// The document exceeds one of the ``JSONLimits``.
        case limit
        /// The document is valid JSON, but does not match the type to decode.
        case shape
    }

    /// The kind of error.
    public let code: Code
    /// The offset of the error in the document, in bytes from the start.
    public let offset: Int
    /// The path in the document, such as `items[2].name`; empty for the whole document. Long names are cut.
    public let path: String
    /// The problem without its position: "a trailing comma is not allowed".
    public let reason: String

    /// Creates an error.
    package init(_ code: Code, at offset: Int, path: String = "", _ reason: String) {
        self.code = code
        self.offset = offset
        self.path = path
        self.reason = reason
    }

    static func syntax(_ offset: Int, _ reason: String) -> JSONError { JSONError(.syntax, at: offset, reason) }

    static func limit(_ offset: Int, _ reason: String) -> JSONError { JSONError(.limit, at: offset, reason) }

    func adding(path: String) -> JSONError { JSONError(code, at: offset, path: path, reason) }
}

extension JSONError: CustomStringConvertible {
    /// The problem with its position: "Invalid JSON at offset 12: a trailing comma is not allowed."
    public var description: String {
        switch code {
        case .syntax: "Invalid JSON at offset \(offset): \(reason)."
        case .limit: "JSON limit exceeded at offset \(offset): \(reason)."
        case .shape: "\(reason)."
        }
    }
}

extension JSONError {
    /// Creates the JSON error that underlies a decoding error; nil for an error that the decoded type threw.
    package init?(_ error: DecodingError) {
        let context =
            switch error {
            case .typeMismatch(_, let context), .valueNotFound(_, let context), .keyNotFound(_, let context),
                .dataCorrupted(let context):
                context
            @unknown default: nil as DecodingError.Context?
            }
        guard let found = context?.underlyingError as? JSONError else { return nil }
        self = found
    }

    /// Returns the line and the column of the error in `text`, both counted from 1.
    package func place(in text: Bytes) -> (line: Int, column: Int) {
        let before = text.prefix(offset)
        return (1 + before.count { $0 == 0x0A }, 1 + before.reversed().prefix { $0 != 0x0A }.count)
    }

    static func truncated(_ offset: Int, _ wanted: StaticString) -> JSONError {
        syntax(offset, "the text ends where \(wanted) is expected")
    }

    static func unexpected(_ byte: UInt8, _ wanted: StaticString, _ offset: Int) -> JSONError {
        syntax(offset, "expected \(wanted), not \(name(of: byte))")
    }

    /// Returns a byte in the form for an error text.
    static func name(of byte: UInt8) -> String {
        (0x21..<0x7F).contains(byte) ? "'\(Unicode.Scalar(byte))'" : "the byte 0x\(String(byte, radix: 16))"
    }

    static func control(_ byte: UInt8, _ offset: Int) -> JSONError {
        switch byte {
        case 0x0A: syntax(offset, "a string may not contain a raw newline; write \\n")
        case 0x0D: syntax(offset, "a string may not contain a raw carriage return; write \\r")
        case 0x09: syntax(offset, "a string may not contain a raw tab; write \\t")
        default:
            syntax(
                offset,
                "a string may not contain the control character 0x\(String(byte, radix: 16)); write \\u00"
                    + (byte < 16 ? "0" : "") + String(byte, radix: 16))
        }
    }

    static func escape(_ byte: UInt8, _ offset: Int) -> JSONError {
        let shown = (0x21..<0x7F).contains(byte) ? "\\\(Unicode.Scalar(byte))" : "a backslash before \(name(of: byte))"
        return syntax(offset, "\(shown) is not a valid escape; write \\\\ for a backslash")
    }

    static func hexadecimal(_ offset: Int) -> JSONError {
        syntax(offset, "\\u must be followed by four hexadecimal digits")
    }

    static func surrogate(_ offset: Int) -> JSONError {
        syntax(offset, "a lone surrogate is not a character; write both halves of the pair, or \\ufffd")
    }

    static func marks(_ offset: Int) -> JSONError {
        limit(
            offset,
            """
            a text has more than \(StreamSafeText.maximumRun) combining marks in a row (Unicode UAX #15, Stream-Safe \
            Text Format)
            """
        )
    }

    static func tooLarge(_ limit: Int) -> JSONError {
        self.limit(limit, "the document has more than \(limit) bytes")
    }
}
