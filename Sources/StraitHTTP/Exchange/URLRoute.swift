public import FoundationEssentials

/// The arguments and the name of the routes that matched a path; Channels' `scope["url_route"]`.
public struct URLRoute: Sendable {
    /// The positional captures of regular expressions, those of outer routers first.
    public var args: [String] = []
    /// The named arguments, converted. Inner routers replace values of outer ones, and `kwargs` of a route replace its
    /// captures.
    public var kwargs: [String: any Sendable] = [:]
    /// The name of the matching route, with its namespaces: `chat:room`.
    public var name: String?
    /// The namespaces of the routers on the way to the endpoint.
    package var namespaces: [String] = []

    /// Creates a route's arguments, for tests.
    public init(args: [String] = [], kwargs: [String: any Sendable] = [:], name: String? = nil) {
        self.args = args
        self.kwargs = kwargs
        self.name = name
    }

    /// Returns the argument `name` as the type that the context needs: `let id: Int = try scope.urlRoute["id"]`.
    ///
    /// - Throws: ``RouteArgumentError`` if the route has no argument of that name, or its value does not fit the type.
    public subscript<Argument: RouteArgument>(name: String) -> Argument {
        get throws(RouteArgumentError) {
            guard let value = kwargs[name] else {
                throw RouteArgumentError(
                    "The route has no argument '\(name)'. "
                        + (kwargs.isEmpty
                            ? "It takes no arguments."
                            : "It has: " + kwargs.keys.sorted().joined(separator: ", ") + "."))
            }
            if let argument = value as? Argument { return argument }
            guard let argument = Argument(routeArgument: value) else {
                throw RouteArgumentError(
                    "The route's argument '\(name)' is the \(type(of: value)) '\(value)', not a valid "
                        + "\(Argument.self).")
            }
            return argument
        }
    }

    /// Returns the argument `name` as text if the context needs no other type: `let room = try scope.urlRoute["room"]`.
    ///
    /// - Throws: ``RouteArgumentError`` if the route has no argument of that name, or its value is not text.
    @_disfavoredOverload
    public subscript(name: String) -> String {
        get throws(RouteArgumentError) {
            let text: String = try self[name]
            return text
        }
    }
}

/// A type for a route's arguments. ``/StraitRouting/URLNames/reverse(_:_:)`` can also put its values into a path.
///
/// A type with raw values conforms by declaring it: `enum Color: String, RouteArgument { case red, blue }`.
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

/// The conversion of a route's argument to text in a path.
package enum RouteText {
    /// Returns the text of `value`, or nil if it cannot be part of a path.
    package static func text(of value: Any) -> String? {
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
