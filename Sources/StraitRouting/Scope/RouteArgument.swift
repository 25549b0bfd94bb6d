public import FoundationEssentials

/// A type that a route's argument can be read as.
/// ``URLNames/reverse(_:_:)`` can also put its values into a path.
///
/// A type with raw values conforms by declaring it: `enum Colour: String, RouteArgument { case red, blue }`.
public protocol RouteArgument: Sendable {
    /// Creates the argument from a converter's value, or returns nil if the value does not fit this type.
    init?(routeArgument value: any Sendable)
}

/// An argument that is missing or does not have the requested type.
public struct RouteArgumentError: Error, Hashable, CustomStringConvertible {
    /// The argument's name, its value and the type that was requested, or the arguments that the route has.
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}

extension String: RouteArgument {
    /// Creates a string from text, an integer, a UUID or a raw value.
    public init?(routeArgument value: any Sendable) {
        guard let text = RouteText.text(of: value) else { return nil }
        self = text
    }
}

extension Int: RouteArgument {
    /// Creates an integer from an integer, or from text with an optional minus sign.
    public init?(routeArgument value: any Sendable) {
        if let number = value as? Int {
            self = number
        } else {
            // Like a converter, reject a plus sign.
            guard let text = value as? String, text.utf8.first != 0x2B, let number = Int(text) else { return nil }
            self = number
        }
    }
}

extension UUID: RouteArgument {
    /// Creates a UUID from a UUID or its text.
    public init?(routeArgument value: any Sendable) {
        if let id = value as? UUID {
            self = id
        } else {
            guard let text = value as? String, let id = UUID(uuidString: text) else { return nil }
            self = id
        }
    }
}

extension RouteArgument where Self: RawRepresentable, RawValue: RouteArgument {
    /// Creates the case whose raw value is `value`.
    public init?(routeArgument value: any Sendable) {
        guard let raw = RawValue(routeArgument: value), let argument = Self(rawValue: raw) else { return nil }
        self = argument
    }
}

/// The text of an argument in a path.
enum RouteText {
    static func text(of value: Any) -> String? {
        switch value {
        case let text as String: text
        case let text as Substring: String(text)
        case let number as any BinaryInteger: String(describing: number)
        case let id as UUID: id.uuidString.lowercased()
        case let raw as any RawRepresentable: text(of: raw.rawValue)
        default: nil
        }
    }
}
