/// The values of a query, of which one name may have several (Django's `QueryDict`). In a template `query.name` is the
/// last of them.
public struct QueryValues: TemplateObject, Equatable {
    private var names: [String] = []
    private var values: [String: [String]] = [:]

    /// The pairs of a query, in their order.
    public init(_ pairs: some Sequence<(String, String)> = []) {
        for (name, value) in pairs { self[all: name] = (self[all: name] ?? []) + [value] }
    }

    /// A query, `a=1&b=2`.
    public init(query: String) {
        self.init(
            query.split(separator: "&").map { part in
                let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                return (
                    URLText.unquotedPlus(String(pair[0])), pair.count > 1 ? URLText.unquotedPlus(String(pair[1])) : ""
                )
            })
    }

    /// A query that is a value already, or a dictionary of texts or lists of them.
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

    /// All values of a name, or nil.
    public subscript(all name: String) -> [String]? {
        get { values[name] }
        set {
            if values[name] == nil, newValue != nil { names.append(name) }
            if newValue == nil { names.removeAll { $0 == name } }
            values[name] = newValue
        }
    }

    /// Whether there is no name in it.
    public var isEmpty: Bool { names.isEmpty }

    /// As it stands in a URL.
    public var encoded: String {
        names.flatMap { name in
            (values[name] ?? []).map { URLText.quotedPlus(name) + "=" + URLText.quotedPlus($0) }
        }.joined(separator: "&")
    }

    public subscript(member name: String) -> TemplateValue? {
        if let all = values[name] { return all.last.map { .string($0) } ?? .list([]) }
        switch name {
        case "items": return .list(names.map { .tuple([.string($0), .string(values[$0]?.last ?? "")]) })
        case "lists":
            return .list(names.map { .tuple([.string($0), .list((values[$0] ?? []).map { .string($0) })]) })
        case "keys": return .list(names.map { .string($0) })
        case "urlencode": return .string(encoded)
        default: return nil
        }
    }
    public var templateText: String {
        let entries = names.map { (key: $0, value: TemplateValue.list((values[$0] ?? []).map { .string($0) })) }
        return "<QueryDict: \(TemplateValue.dictionary(TemplateDictionary(entries)).representation)>"
    }
    public var templateElements: [TemplateValue]? { names.map { .string($0) } }
}
