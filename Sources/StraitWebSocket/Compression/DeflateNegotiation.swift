/// The negotiation of permessage-deflate, on the server's side (RFC 7692 §7.1).
package enum DeflateNegotiation {
    /// The registered name of the extension.
    package static let name = "permessage-deflate"

    /// Returns the parameters of the first acceptable offer; nil if there is none.
    ///
    /// An offer is declined if a parameter is unknown, repeated or has an invalid value (§7.1). It is also declined if
    /// it requires us to compress with a window of 256 bytes, which zlib does not support.
    package static func accept(_ offers: [ExtensionOffer], _ options: DeflateOptions) -> DeflateParameters? {
        for offer in offers where offer.name.lowercased() == name {
            if let parameters = accept(offer, options) { return parameters }
        }
        return nil
    }

    private static func accept(_ offer: ExtensionOffer, _ options: DeflateOptions) -> DeflateParameters? {
        var seen: Set<String> = []
        var agreed = DeflateParameters(
            serverNoContextTakeover: !options.keepsContext, clientNoContextTakeover: !options.keepsContext,
            serverWindowBits: options.windowBits < 15 ? options.windowBits : nil, clientWindowBits: nil)
        for parameter in offer.parameters {
            let name = parameter.name.lowercased()
            guard seen.insert(name).inserted else { return nil }
            switch (name, parameter.value) {
            case ("server_no_context_takeover", nil): agreed.serverNoContextTakeover = true
            case ("client_no_context_takeover", nil): agreed.clientNoContextTakeover = true
            case ("server_max_window_bits", let value?):
                guard let bits = bits(value), bits >= 9 else { return nil }
                agreed.serverWindowBits = min(bits, options.windowBits)
            // Without a value, the parameter only says that the client supports it (§7.1.2.2).
            case ("client_max_window_bits", nil): break
            case ("client_max_window_bits", let value?):
                guard let bits = bits(value) else { return nil }
                agreed.clientWindowBits = bits
            default: return nil
            }
        }
        return agreed
    }

    /// Reads a window size, 8 to 15 in decimal without a leading zero (§7.1.2.1).
    static func bits(_ value: String) -> Int? {
        guard let bits = Int(value), (8...15).contains(bits), String(bits) == value else { return nil }
        return bits
    }
}
