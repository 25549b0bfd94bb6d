package import StraitNetwork

/// Writes messages as JSON text (RFC 8259), for the sockets that a message is only passed on to.
package struct JSONText: ~Copyable {
    private var text: ByteBuffer

    private init(capacity: Int) { text = ByteBuffer(capacity: capacity) }

    /// `message` as JSON, without spaces.
    ///
    /// - Throws: ``LayerError/invalidMessage(_:)`` where it holds bytes or a number that is not finite, which JSON has
    ///   not.
    package static func of(_ message: LayerMessage) throws(LayerError) -> Bytes {
        var json = JSONText(capacity: 256)
        try json.write(message)
        return json.text.freeze()
    }

    private mutating func write(_ object: LayerMessage) throws(LayerError) {
        var separator = UInt8(ascii: "{")
        for (key, value) in object.elements {
            text.append(separator)
            write(key)
            text.append(UInt8(ascii: ":"))
            try write(value)
            separator = UInt8(ascii: ",")
        }
        if object.isEmpty { text.append(separator) }
        text.append(UInt8(ascii: "}"))
    }

    private mutating func write(_ value: LayerValue) throws(LayerError) {
        switch value {
        case .null: text.append("null")
        case .bool(let value): text.append(value ? "true" : "false")
        case .int(let value): text.append("\(value)")
        case .unsigned(let value): text.append("\(value)")
        case .double(let value):
            guard value.isFinite else { throw .invalidMessage("JSON has no number for \(value). Send a text instead.") }
            text.append("\(value)")
        case .string(let value): write(value)
        case .bytes:
            throw .invalidMessage("JSON has no bytes. Send them to sockets as text, in base64 for instance.")
        case .array(let elements):
            var separator = UInt8(ascii: "[")
            for element in elements {
                text.append(separator)
                try write(element)
                separator = UInt8(ascii: ",")
            }
            if elements.isEmpty { text.append(separator) }
            text.append(UInt8(ascii: "]"))
        case .object(let object): try write(object)
        }
    }

    private mutating func write(_ string: String) { Self.append(string, to: &text) }

    /// Appends `string` as JSON, in its quotes.
    package static func append(_ string: String, to text: inout ByteBuffer) {
        text.append(UInt8(ascii: "\""))
        for byte in string.utf8 {
            switch byte {
            case UInt8(ascii: "\""): text.append("\\\"")
            case UInt8(ascii: "\\"): text.append("\\\\")
            case 0x0A: text.append("\\n")
            case 0x0D: text.append("\\r")
            case 0x09: text.append("\\t")
            case ..<0x20:
                text.append("\\u00")
                text.append(digits[Int(byte >> 4)])
                text.append(digits[Int(byte & 15)])
            default: text.append(byte)
            }
        }
        text.append(UInt8(ascii: "\""))
    }

    private static let digits = Array("0123456789abcdef".utf8)
}
