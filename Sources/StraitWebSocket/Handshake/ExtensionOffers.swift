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
