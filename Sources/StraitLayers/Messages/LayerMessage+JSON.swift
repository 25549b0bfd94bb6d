package import StraitCore
package import StraitJSON

extension LayerMessage {
    /// Returns the message as JSON without spaces, for example for sockets that forward it.
    ///
    /// - Throws: ``LayerError/invalidMessage(_:)`` if it holds bytes, NaN or infinity, which JSON cannot represent.
    package func json() throws(LayerError) -> Bytes {
        var text = ByteBuffer(capacity: 256)
        try append(to: &text)
        return text.freeze()
    }

    /// Reads a message from JSON. Keys keep their order. If a key is repeated, the last value counts.
    ///
    /// - Throws: `JSONError` if the JSON is not an object or exceeds a limit of `coder`.
    package init(json: Bytes, coder: JSONCoder = JSONCoder(), dialect: JSONDialect = .python) throws(JSONError) {
        let document = try JSONDocument(json, coder: coder, dialect: dialect)
        guard document.tokens[0].kind == .object else {
            throw JSONError(.shape, at: 0, "Expected an object, which begins with '{'")
        }
        try self.init(document, 0)
    }

    init(_ document: JSONDocument, _ object: Int) throws(JSONError) {
        var pairs: [(String, LayerValue)] = []
        pairs.reserveCapacity(document.tokens[object].count)
        // As in Python, a repeated key keeps its first position and gets its last value.
        try document.forEachMember(of: object, isUnique: false) { (key, value) throws(JSONError) in
            pairs.append((document.string(key), try LayerValue(document, value)))
        }
        self = pairs.count > 8 ? LayerMessage(many: pairs) : LayerMessage(pairs)
    }

    func append(to text: inout ByteBuffer) throws(LayerError) {
        var separator = UInt8(ascii: "{")
        for (key, value) in elements {
            text.append(separator)
            text.append(json: key)
            text.append(UInt8(ascii: ":"))
            try value.append(to: &text)
            separator = UInt8(ascii: ",")
        }
        if isEmpty { text.append(separator) }
        text.append(UInt8(ascii: "}"))
    }
}

extension LayerValue {
    /// Reads a value from JSON.
    ///
    /// - Throws: The errors of ``LayerMessage/init(json:coder:dialect:)``.
    package init(json: Bytes, coder: JSONCoder = JSONCoder(), dialect: JSONDialect = .python) throws(JSONError) {
        try self.init(JSONDocument(json, coder: coder, dialect: dialect), 0)
    }

    /// Creates the value of a document's token. A number without fraction and exponent becomes an integer if it fits
    /// into 64 bits.
    init(_ document: JSONDocument, _ index: Int) throws(JSONError) {
        let token = document.tokens[index]
        switch token.kind {
        case .null: self = .null
        case .true: self = .bool(true)
        case .false: self = .bool(false)
        case .string: self = .string(document.string(token))
        case .object: self = .object(try LayerMessage(document, index))
        case .array:
            var elements: [LayerValue] = []
            elements.reserveCapacity(token.count)
            var next = index + 1
            for _ in 0..<token.count {
                elements.append(try LayerValue(document, next))
                next = Int(document.tokens[next].next)
            }
            self = .array(elements)
        case .number:
            let number = document.number(token)
            if !number.isComplex {
                if let whole = number.integer(Int.self) {
                    self = .int(whole)
                    return
                }
                if let whole = number.integer(UInt64.self) {
                    self = .unsigned(whole)
                    return
                }
            }
            let double = number.double
            guard double.isFinite || number.isComplex else {
                throw JSONError(
                    .shape, at: token.offset,
                    "Expected a number that 64 bits of floating point can hold at offset \(token.offset)")
            }
            self = .double(double)
        }
    }

    func append(to text: inout ByteBuffer) throws(LayerError) {
        switch self {
        case .null: text.appendJSONNull()
        case .bool(let value): text.append(json: value)
        case .int(let value): text.append(json: value)
        case .unsigned(let value): text.append(json: value)
        case .double(let value):
            guard value.isFinite else { throw .invalidMessage("JSON cannot represent \(value). Send it as text.") }
            text.append(json: value)
        case .string(let value): text.append(json: value)
        case .bytes:
            throw .invalidMessage("JSON cannot represent bytes. Send them to sockets as text, for example in base64.")
        case .array(let elements):
            var separator = UInt8(ascii: "[")
            for element in elements {
                text.append(separator)
                try element.append(to: &text)
                separator = UInt8(ascii: ",")
            }
            if elements.isEmpty { text.append(separator) }
            text.append(UInt8(ascii: "]"))
        case .object(let object): try object.append(to: &text)
        }
    }
}
