/// The negotiation of permessage-deflate, on the server's side (RFC 7692 §7.1).
package enum DeflateNegotiation {
    /// The registered name of the extension.
    package static let name = "permessage-deflate"

    /// Returns the parameters of the first acceptable offer; nil if there is none.
    ///
    /// An offer is declined if a parameter is unknown, repeated or has an invalid value (§7.1). It is also declined if
    /// it requires the server to compress with a window of 256 bytes, which zlib does not support.
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

    /// Creates parameters. Window sizes are given as base-two logarithms, 8 to 15.
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

/// Options for the compression of messages, which applies if a client offers it (RFC 7692).
public struct DeflateOptions: Hashable, Sendable {
    /// Whether messages may refer to earlier ones. They become smaller, but each connection needs its own codecs, with
    /// up to 300 KiB of memory.
    public var keepsContext: Bool
    /// The minimum size of a message to compress, in bytes.
    public var threshold: Int
    /// The compression level of zlib, 1 (fastest) to 9 (smallest).
    public let level: Int
    /// The base-two logarithm of the maximum window for compression, 9 to 15.
    public let windowBits: Int

    /// Creates options.
    ///
    /// - Precondition: `level` is 1 to 9, and `windowBits` is 9 to 15.
    public init(keepsContext: Bool = false, threshold: Int = 1024, level: Int = 6, windowBits: Int = 15) {
        precondition((1...9).contains(level), "Invalid `level` \(level): expected 1 (fastest) to 9 (smallest).")
        precondition((9...15).contains(windowBits), "Invalid `windowBits` \(windowBits): expected 9 to 15.")
        self.keepsContext = keepsContext
        self.threshold = threshold
        self.level = level
        self.windowBits = windowBits
    }
}
