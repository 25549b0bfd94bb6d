internal import StraitHTTP

/// A parser for the `Sec-WebSocket-Extensions` headers of a request. Several headers count as one list, in the client's
/// order of preference (RFC 6455 §9.1).
package enum ExtensionOffers {
    /// The maximum number of offers. Further offers are ignored, because no real client sends that many.
    package static let most = 32

    /// Returns the offers in the headers' values; nil if a value is malformed.
    package static func parse(_ fields: [String]) -> [ExtensionOffer]? {
        var offers: [ExtensionOffer] = []
        for field in fields {
            var scanner = TokenScanner(field)
            while scanner.skipEmptyElements() {
                guard offers.count < most else { return offers }
                guard let offer = offer(&scanner) else { return nil }
                offers.append(offer)
                guard scanner.isAtEnd || scanner.take(UInt8(ascii: ",")) else { return nil }
            }
        }
        return offers
    }

    private static func offer(_ scanner: inout TokenScanner) -> ExtensionOffer? {
        guard let name = scanner.token() else { return nil }
        var parameters: [ExtensionOffer.Parameter] = []
        while scanner.take(UInt8(ascii: ";")) {
            guard let name = scanner.token() else { return nil }
            var value: String?
            if scanner.take(UInt8(ascii: "=")) {
                guard let read = scanner.tokenOrQuoted() else { return nil }
                value = read
            }
            parameters.append(ExtensionOffer.Parameter(name: name, value: value))
        }
        return ExtensionOffer(name: name, parameters: parameters)
    }
}

/// An extension that a client offers, with its parameters in order (RFC 6455 §9.1).
package struct ExtensionOffer: Hashable, Sendable {
    /// A parameter, `name` or `name=value`, without quotes.
    package struct Parameter: Hashable, Sendable {
        /// The name in its original case.
        package let name: String
        /// The value; nil without `=`.
        package let value: String?

        /// Creates a parameter.
        package init(name: String, value: String? = nil) {
            self.name = name
            self.value = value
        }
    }

    /// The extension's name in its original case.
    package let name: String
    /// The parameters, in the order of the header.
    package let parameters: [Parameter]

    /// Creates an offer.
    package init(name: String, parameters: [Parameter] = []) {
        self.name = name
        self.parameters = parameters
    }
}

/// A scanner for a list in a header (RFC 9110 §5.6), with tokens, quoted strings, and separators with white space
/// around them.
struct TokenScanner {
    private let bytes: [UInt8]
    private var position = 0

    init(_ field: String) {
        bytes = Array(field.utf8)
        skipSpace()
    }

    var isAtEnd: Bool { position == bytes.count }

    /// Skips empty elements, which are allowed between commas (RFC 9110 §5.6.1.2). Returns false at the end of the
    /// list.
    mutating func skipEmptyElements() -> Bool {
        while take(UInt8(ascii: ",")) {}
        return !isAtEnd
    }

    /// Skips `separator` and the white space after it. Returns false if something else is next.
    mutating func take(_ separator: UInt8) -> Bool {
        guard position < bytes.count, bytes[position] == separator else { return false }
        position += 1
        skipSpace()
        return true
    }

    /// Reads the next token (RFC 9110 §5.6.2); nil if there is none.
    mutating func token() -> String? {
        let start = position
        while position < bytes.count, bytes[position].isHTTPToken { position += 1 }
        guard position > start else { return nil }
        let token = String(decoding: bytes[start..<position], as: UTF8.self)
        skipSpace()
        return token
    }

    /// Reads the next token, which may be in quotes. The quoted text must also be a token (RFC 6455 §9.1).
    mutating func tokenOrQuoted() -> String? {
        guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else { return token() }
        position += 1
        var value: [UInt8] = []
        while position < bytes.count {
            var byte = bytes[position]
            position += 1
            if byte == UInt8(ascii: "\"") {
                skipSpace()
                return value.isEmpty ? nil : String(decoding: value, as: UTF8.self)
            }
            if byte == UInt8(ascii: "\\") {
                guard position < bytes.count else { return nil }
                byte = bytes[position]
                position += 1
            }
            guard byte.isHTTPToken else { return nil }
            value.append(byte)
        }
        return nil
    }

    /// Returns the elements of the lists of tokens in `fields`; nil if a list contains anything else.
    static func tokens(_ fields: [String]) -> [String]? {
        var tokens: [String] = []
        for field in fields {
            var scanner = TokenScanner(field)
            while scanner.skipEmptyElements() {
                guard let token = scanner.token() else { return nil }
                tokens.append(token)
                guard scanner.isAtEnd || scanner.take(UInt8(ascii: ",")) else { return nil }
            }
        }
        return tokens
    }

    private mutating func skipSpace() {
        while position < bytes.count, bytes[position] == 0x20 || bytes[position] == 0x09 { position += 1 }
    }
}
