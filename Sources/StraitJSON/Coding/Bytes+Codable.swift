internal import FoundationEssentials
public import StraitNetwork

/// Bytes travel over a channel layer as they are. A coder that has none, such as JSON's, writes them in base64.
extension Bytes: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let data = Data(base64Encoded: try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "The text is not base64.")
        }
        self.init(data)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(Data(self).base64EncodedString())
    }
}
