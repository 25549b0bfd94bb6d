/// Reads the `Sec-WebSocket-Extensions` fields of a request: the offers in the client's order of preference, those of
/// several fields as if they were one list (RFC 6455 §9.1).
package enum ExtensionOffers {
    /// Offers past this many are not read: nobody means that many, and each is work.
    package static let most = 32

    /// The offers, or nil where a field breaks the grammar.
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
