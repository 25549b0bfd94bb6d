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
