internal import StraitCore
internal import StraitText

/// The parameters of a query string, in which a name can have several values (Django's `QueryDict`).
///
/// In a template, `query.name` is the last value.
public struct QueryValues: TemplateObject, Equatable {
    private var names: [String] = []
    private var values: [TextKey: [String]] = [:]

    /// Creates a query from name-value pairs, in order.
    public init(_ pairs: some Sequence<(String, String)> = []) {
        for (name, value) in pairs {
            if values[TextKey(name)] == nil { names.append(name) }
            values[TextKey(name), default: []].append(value)
        }
    }

    /// Parses a query string such as `a=1&b=2`.
    public init(query: String) {
        self.init(
            query.utf8.split(separator: 0x26).map { part in
                let pair = part.split(separator: 0x3D, maxSplits: 1, omittingEmptySubsequences: false).map {
                    URLText.unquotedPlus(String(Substring($0)))
                }
                return (pair[0], pair.count > 1 ? pair[1] : "")
            })
    }

    /// Converts a template value: a query, or a dictionary of single values or lists. Returns nil for other values.
    init?(_ value: TemplateValue) {
        switch value {
        case .object(let object):
            guard let query = object as? QueryValues else { return nil }
            self = query
        case .dictionary(let dictionary):
            for (name, value) in dictionary.entries {
                self[all: name] = value.string == nil ? value.elements?.map(\.text) ?? [value.text] : [value.text]
            }
        default: return nil
        }
    }

    /// All values of `name`, or nil. Setting nil removes the name.
    public subscript(all name: String) -> [String]? {
        get { values[TextKey(name)] }
        set {
            if values[TextKey(name)] == nil, newValue != nil { names.append(name) }
            if newValue == nil { names.removeAll { $0.hasSameBytes(as: name) } }
            values[TextKey(name)] = newValue
        }
    }

    /// Whether both have the same names with the same values. The order of the names does not count.
    public static func == (left: QueryValues, right: QueryValues) -> Bool {
        left.names.count == right.names.count
            && left.values.allSatisfy { name, values in
                guard let others = right.values[name], others.count == values.count else { return false }
                return zip(values, others).allSatisfy { $0.hasSameBytes(as: $1) }
            }
    }

    /// Whether the query has no names.
    public var isEmpty: Bool { names.isEmpty }

    /// The URL-encoded query string, without `?`.
    public var encoded: String {
        names.flatMap { name in
            (self[all: name] ?? []).map { URLText.quotedPlus(name) + "=" + URLText.quotedPlus($0) }
        }.joined(separator: "&")
    }

    /// The last value of `name`, or the result of `items`, `lists`, `keys` or `urlencode`.
    public subscript(member name: String) -> TemplateValue? {
        if let all = self[all: name] { return all.last.map { .string($0) } ?? .list([]) }
        switch name {
        case "items": return .list(names.map { .tuple([.string($0), .string(self[all: $0]?.last ?? "")]) })
        case "lists":
            return .list(names.map { .tuple([.string($0), .list((self[all: $0] ?? []).map { .string($0) })]) })
        case "keys": return .list(names.map { .string($0) })
        case "urlencode": return .string(encoded)
        default: return nil
        }
    }
    /// Python's text for a `QueryDict`: `<QueryDict: {'a': ['1']}>`.
    public var templateText: String {
        let entries = names.map { (key: $0, value: TemplateValue.list((self[all: $0] ?? []).map { .string($0) })) }
        return "<QueryDict: \(TemplateValue.dictionary(TemplateDictionary(entries)).representation)>"
    }
    /// The names, in order.
    public var templateElements: [TemplateValue]? { names.map { .string($0) } }
}
