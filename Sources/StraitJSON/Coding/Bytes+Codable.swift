internal import FoundationEssentials
public import StraitNetwork

/// `Codable` conformance for coders without a byte type, such as JSON's: the bytes are a base64 string. Channel layers
/// carry bytes unchanged.
extension Bytes: Codable {
    /// Reads a base64 string.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let data = Data(base64Encoded: try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "The text is not base64.")
        }
        self.init(data)
    }

    /// Writes a base64 string.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(Data(self).base64EncodedString())
    }
}
