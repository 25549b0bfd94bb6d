/// Values by name, in the order in which they were added, as Python's `dict`. Names are compared by their scalars, as in
/// Python.
public struct TemplateDictionary: Sendable, ExpressibleByDictionaryLiteral {
    /// One name and its value.
    public typealias Entry = (key: String, value: TemplateValue)

    /// The entries in their order.
    public private(set) var entries: [Entry]
    /// Where the entries are, once there are so many that going through them is slower.
    private var places: [TextKey: Int]?

    /// Up to how many entries are gone through.
    private static let few = 8

    /// An empty dictionary.
    public init() { entries = [] }

    /// The entries in this order. Of several with one name the last value stays, in the first one's place.
    public init(_ entries: some Sequence<Entry>) {
        self.init()
        for entry in entries { self[entry.key] = entry.value }
    }

    /// The values of a dictionary of Swift, which has no order: they are sorted by name.
    public init(_ values: [String: TemplateValue]) {
        self.init(values.sorted { PythonText.isLess($0.key, $1.key) }.map { (key: $0.key, value: $0.value) })
    }

    public init(dictionaryLiteral elements: (String, TemplateValue)...) {
        self.init(elements.map { (key: $0.0, value: $0.1) })
    }

    /// How many entries there are.
    public var count: Int { entries.count }

    /// The value of `key`. Setting nil removes it.
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
        for place in entries.indices where PythonText.equal(entries[place].key, key) { return place }
        return nil
    }

    private mutating func index() {
        guard entries.count > Self.few else { return }
        var places: [TextKey: Int] = [:]
        for (place, entry) in entries.enumerated() { places[TextKey(entry.key)] = place }
        self.places = places
    }
}
