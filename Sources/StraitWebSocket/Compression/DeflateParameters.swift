/// The negotiated parameters of permessage-deflate (RFC 7692 §7.1).
package struct DeflateParameters: Hashable, Sendable {
    /// Whether the server's messages never refer to earlier ones.
    package var serverNoContextTakeover: Bool
    /// Whether the client's messages never refer to earlier ones.
    package var clientNoContextTakeover: Bool
    /// The base-two logarithm of the server's window; nil if not negotiated, which means 15.
    package var serverWindowBits: Int?
    /// The base-two logarithm of the client's window; nil if not negotiated, which means 15.
    package var clientWindowBits: Int?

    /// Creates parameters. Windows are 8 to 15.
    package init(
        serverNoContextTakeover: Bool, clientNoContextTakeover: Bool, serverWindowBits: Int?, clientWindowBits: Int?
    ) {
        self.serverNoContextTakeover = serverNoContextTakeover
        self.clientNoContextTakeover = clientNoContextTakeover
        self.serverWindowBits = serverWindowBits
        self.clientWindowBits = clientWindowBits
    }

    /// Reads a server's response on the client's side; nil if the response is not valid (§7.1).
    package init?(answer: ExtensionOffer) {
        guard answer.name.lowercased() == DeflateNegotiation.name else { return nil }
        var seen: Set<String> = []
        self.init(
            serverNoContextTakeover: false, clientNoContextTakeover: false, serverWindowBits: nil, clientWindowBits: nil
        )
        for parameter in answer.parameters {
            guard seen.insert(parameter.name).inserted else { return nil }
            switch (parameter.name, parameter.value) {
            case ("server_no_context_takeover", nil): serverNoContextTakeover = true
            case ("client_no_context_takeover", nil): clientNoContextTakeover = true
            case ("server_max_window_bits", let value?):
                guard let bits = DeflateNegotiation.bits(value) else { return nil }
                serverWindowBits = bits
            case ("client_max_window_bits", let value?):
                guard let bits = DeflateNegotiation.bits(value), bits >= 9 else { return nil }
                clientWindowBits = bits
            default: return nil
            }
        }
    }

    /// The value of the `Sec-WebSocket-Extensions` header with these parameters.
    package var fieldValue: String {
        var value = DeflateNegotiation.name
        if serverNoContextTakeover { value += "; server_no_context_takeover" }
        if clientNoContextTakeover { value += "; client_no_context_takeover" }
        if let serverWindowBits { value += "; server_max_window_bits=\(serverWindowBits)" }
        if let clientWindowBits { value += "; client_max_window_bits=\(clientWindowBits)" }
        return value
    }

    /// Returns the decompressor for messages that `role` receives.
    package func inflater(_ role: Role, codecs: DeflateCodecs) -> MessageInflater {
        switch role {
        case .server:
            MessageInflater(
                codecs: codecs, keepsContext: !clientNoContextTakeover, windowBits: clientWindowBits ?? 15)
        case .client:
            MessageInflater(
                codecs: codecs, keepsContext: !serverNoContextTakeover, windowBits: serverWindowBits ?? 15)
        }
    }

    /// Returns the compressor for messages that `role` sends.
    package func deflater(_ role: Role, codecs: DeflateCodecs, options: DeflateOptions) -> MessageDeflater {
        let isServer = role == .server
        return MessageDeflater(
            codecs: codecs, keepsContext: isServer ? !serverNoContextTakeover : !clientNoContextTakeover,
            windowBits: (isServer ? serverWindowBits : clientWindowBits) ?? options.windowBits,
            threshold: options.threshold, level: options.level)
    }
}
