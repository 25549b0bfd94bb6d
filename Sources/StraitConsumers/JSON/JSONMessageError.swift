import StraitJSON

/// Why a message is not what a ``JSONConsumer`` takes. Its text is made for the client: it says what was expected and
/// where, nothing about the program, and fits a close frame's 123 bytes.
public struct JSONMessageError: Error, Hashable, Sendable {
    /// The kind of error, for code that reacts to one.
    public enum Code: Sendable, Hashable {
        /// A binary message.
        case binary
        /// A text without anything in it.
        case empty
        /// A text that is no JSON.
        case notJSON
        /// JSON of another shape.
        case wrongShape
    }

    public let code: Code
    /// What is safe to show to the client, in at most 123 bytes of UTF-8.
    public let description: String
    /// What the decoder said, for the log.
    public let debugDescription: String

    /// An error of your own, from an overridden ``JSONConsumer/decode(_:)``. The description is cut to 123 bytes.
    public init(_ code: Code, _ description: String, debugDescription: String? = nil) {
        self.code = code
        self.description = description.cut(toUTF8: 123)
        self.debugDescription = debugDescription ?? description
    }

    static let binary = JSONMessageError(.binary, "Expected a text message with JSON, not a binary one.")
    static let empty = JSONMessageError(.empty, "Expected JSON; the message is empty.")

    init(_ unknown: UnknownMessageType) {
        if let type = unknown.type {
            let known = unknown.known.map { "'\($0)'" }.joined(separator: ", ")
            self.init(
                .wrongShape,
                "Unknown message type '\(type.cut(toUTF8: 64))'." + (known.isEmpty ? "" : " Known are \(known)."))
        } else {
            self.init(.wrongShape, "Expected an object with the message's name as 'type'.")
        }
    }

    init(_ error: JSONError) {
        self.init(error.code == .syntax ? .notJSON : .wrongShape, error.description)
    }

    init(_ error: DecodingError) {
        if let json = JSONError(error) {
            self.init(.wrongShape, json.description)
            return
        }
        // Errors that a type of the program threw by itself.
        let debug = String(reflecting: error)
        switch error {
        case .dataCorrupted(let context):
            self.init(.wrongShape, "Not an acceptable value" + Self.place(context) + ".", debugDescription: debug)
        case .keyNotFound(let key, let context):
            self.init(
                .wrongShape, "Missing '\(key.stringValue.cut(toUTF8: 48))'" + Self.place(context) + ".",
                debugDescription: debug)
        case .typeMismatch(let type, let context):
            self.init(
                .wrongShape, "Expected \(Self.name(of: type))" + Self.place(context) + ".", debugDescription: debug)
        case .valueNotFound(let type, let context):
            self.init(
                .wrongShape, "Expected \(Self.name(of: type)), not null" + Self.place(context) + ".",
                debugDescription: debug)
        @unknown default:
            self.init(.wrongShape, "Not the expected message.", debugDescription: debug)
        }
    }

    /// ` at items[2].name`, or nothing at the top.
    private static func place(_ context: DecodingError.Context) -> String {
        let path = JSONPath.text(context.codingPath)
        return path.isEmpty ? "" : " at " + path.cut(toUTF8: 64)
    }

    /// What JSON calls values of a type; the program's own type names are nobody's business.
    private static func name(of type: Any.Type) -> String {
        switch type {
        case is String.Type: "a string"
        case is Bool.Type: "true or false"
        case is any BinaryInteger.Type: "a whole number"
        case is any BinaryFloatingPoint.Type: "a number"
        case is [String: Any].Type: "an object"
        case is [Any].Type: "an array"
        default: "another value"
        }
    }
}

extension JSONMessageError: CustomStringConvertible, CustomDebugStringConvertible {}
