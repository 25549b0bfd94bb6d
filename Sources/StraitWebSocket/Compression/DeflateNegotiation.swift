/// Chooses among a client's offers of permessage-deflate (RFC 7692 §7.1).
package enum DeflateNegotiation {
    /// What the extension is registered as.
    package static let name = "permessage-deflate"

    /// What is agreed on: the first offer that can be taken, or nil. An offer with a parameter that is unknown, given
    /// twice, or has a value that cannot be, is declined (§7.1), and so is one that wants us to compress with a window
    /// of 256 bytes, which zlib cannot.
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
            // Without a value it only says that the client would obey one (§7.1.2.2).
            case ("client_max_window_bits", nil): break
            case ("client_max_window_bits", let value?):
                guard let bits = bits(value) else { return nil }
                agreed.clientWindowBits = bits
            default: return nil
            }
        }
        return agreed
    }

    /// 8 to 15 in decimal, without a leading zero (§7.1.2.1).
    static func bits(_ value: String) -> Int? {
        guard let bits = Int(value), (8...15).contains(bits), String(bits) == value else { return nil }
        return bits
    }
}
