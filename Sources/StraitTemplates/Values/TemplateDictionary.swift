internal import StraitCore
internal import StraitText

/// A dictionary that keeps its entries in insertion order, like Python's `dict`. Names are compared by Unicode scalars.
public struct TemplateDictionary: Sendable, ExpressibleByDictionaryLiteral {
    /// A name and its value.
    public typealias Entry = (key: String, value: TemplateValue)

    /// The entries, in insertion order.
    public private(set) var entries: [Entry]
    /// The position of each name, or nil while linear search is faster.
    private var places: [TextKey: Int]?

    /// The maximum number of entries for linear search.
    private static let few = 8

    /// Creates an empty dictionary.
    public init() { entries = [] }

    /// Creates a dictionary from entries, in order. If a name occurs again, its last value takes the first one's
    /// position.
    public init(_ entries: some Sequence<Entry>) {
        self.init()
        for entry in entries { self[entry.key] = entry.value }
    }

    /// Creates a dictionary from a Swift dictionary, sorted by name because that has no order.
    public init(_ values: [String: TemplateValue]) {
        self.init(values.sorted { PythonText.isLess($0.key, $1.key) }.map { (key: $0.key, value: $0.value) })
    }

    /// Creates a dictionary from a literal, in order.
    public init(dictionaryLiteral elements: (String, TemplateValue)...) {
        self.init(elements.map { (key: $0.0, value: $0.1) })
    }

    /// The number of entries.
    public var count: Int { entries.count }

    /// The value of `key`, or nil. Setting nil removes the entry.
    public subscript(key: String) -> TemplateValue? {
        get { place(of: key).map { entries[$0].value } }
        set {
            let place = place(of: key)
            switch (place, newValue) {
            case (let place?, let value?): entries[place].value = value
            case (let place?, nil):
                entries.remove(at: place)
                places = nil
                index()
            case (nil, let value?):
                entries.append((key, value))
                if places == nil { index() } else { places?[TextKey(key)] = entries.count - 1 }
            case (nil, nil): break
            }
        }
    }

    private func place(of key: String) -> Int? {
        if let places { return places[TextKey(key)] }
        for place in entries.indices where entries[place].key.hasSameBytes(as: key) { return place }
        return nil
    }

    private mutating func index() {
        guard entries.count > Self.few else { return }
        var places: [TextKey: Int] = [:]
        for (place, entry) in entries.enumerated() { places[TextKey(entry.key)] = place }
        self.places = places
    }
}

/// The `items`, `keys` or `values` of a dictionary. Templates can iterate over a view but not index it.
struct DictionaryView: TemplateObject {
    let kind: String
    let elements: [TemplateValue]

    init?(_ dictionary: TemplateDictionary, named name: String) {
        switch name {
        case "items": elements = dictionary.entries.map { .tuple([.string($0.key), $0.value]) }
        case "keys": elements = dictionary.entries.map { .string($0.key) }
        case "values": elements = dictionary.entries.map(\.value)
        default: return nil
        }
        kind = name
    }

    subscript(member name: String) -> TemplateValue? { nil }
    var templateElements: [TemplateValue]? { elements }
    var templateText: String { "dict_\(kind)(" + TemplateValue.list(elements).representation + ")" }
}
