public import FoundationEssentials

/// What a route's argument can be read as, and what ``URLNames/reverse(_:_:)`` can put into a path.
///
/// A type with raw values conforms by declaring it: `enum Colour: String, RouteArgument { case red, blue }`.
public protocol RouteArgument: Sendable {
    /// The value behind what a converter made, or nil where it is no such value.
    init?(routeArgument value: any Sendable)
}

/// Why an argument could not be read; its text says which, what it holds and which there are.
public struct RouteArgumentError: Error, Hashable, CustomStringConvertible {
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}

extension String: RouteArgument {
    public init?(routeArgument value: any Sendable) {
        guard let text = RouteText.text(of: value) else { return nil }
        self = text
    }
}

extension Int: RouteArgument {
    public init?(routeArgument value: any Sendable) {
        if let number = value as? Int {
            self = number
        } else {
            // As a converter reads one: a plus is no digit.
            guard let text = value as? String, text.utf8.first != 0x2B, let number = Int(text) else { return nil }
            self = number
        }
    }
}

extension UUID: RouteArgument {
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
    public init?(routeArgument value: any Sendable) {
        guard let raw = RawValue(routeArgument: value), let argument = Self(rawValue: raw) else { return nil }
        self = argument
    }
}

/// An argument's text as it stands in a path.
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
