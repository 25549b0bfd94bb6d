import StraitJSON

/// An error for a message that a ``JSONConsumer`` cannot accept. Its text is written for the client. It states the
/// expected value and its position, reveals nothing about the program, and fits into a close frame's 123 bytes.
public struct JSONMessageError: Error, Hashable, Sendable {
    /// The kind of error, for code that handles one kind differently.
    public enum Code: Sendable, Hashable {
        /// The message is binary.
        case binary
        /// The message is an empty text.
        case empty
        /// The text is not JSON.
        case notJSON
        /// The JSON does not have the expected shape.
        case wrongShape
    }

    /// The kind of error.
    public let code: Code
    /// The text for the client, at most 123 bytes of UTF-8.
    public let description: String
    /// The decoder's error text, for the log.
    public let debugDescription: String

    /// Creates an error for an overridden ``JSONConsumer/decode(_:)`` to throw. The description is cut to 123 bytes.
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
                "Unknown message type '\(type.cut(toUTF8: 64))'." + (known.isEmpty ? "" : " Known types: \(known)."))
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
        // An error that one of the application's types threw.
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

    /// Returns ` at items[2].name`, or an empty string at the top level.
    private static func place(_ context: DecodingError.Context) -> String {
        let path = JSONPath.text(context.codingPath)
        return path.isEmpty ? "" : " at " + path.cut(toUTF8: 64)
    }

    /// Returns the JSON name for values of a type. The client does not see Swift type names.
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
