internal import Synchronization

/// The converters that paths can name: Django's five, and those that an application registers.
public enum Converters {
    private static let known = Mutex<[String: any Converter]>([
        "str": StringConverter(), "int": IntegerConverter(), "slug": SlugConverter(), "uuid": UUIDConverter(),
        "path": PathConverter(),
    ])

    /// Makes `<name:argument>` mean `converter` in every path that is made from now on; Django's `register_converter`.
    public static func register(_ converter: any Converter, as name: String) {
        known.withLock { $0[name] = converter }
    }

    static func named(_ name: String) -> (any Converter)? {
        known.withLock { $0[name] }
    }

    static var names: [String] {
        known.withLock { $0.keys.sorted() }
    }
}
