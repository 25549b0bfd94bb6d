/// The built-in converters: Django's five.
enum Converters {
    static let standard: [String: any Converter] = [
        "str": StringConverter(), "int": IntegerConverter(), "slug": SlugConverter(), "uuid": UUIDConverter(),
        "path": PathConverter(),
    ]
}
