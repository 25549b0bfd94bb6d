internal import StraitTemplates

/// The attributes of an element, in order.
struct Attributes {
    private var pairs: [(name: String, value: String?)] = []

    init(_ pairs: [(name: String, value: String?)] = []) {
        for pair in pairs { self[pair.name] = .some(pair.value) }
    }

    /// The value of an attribute: `.some(nil)` for one without a value, such as `required`. Setting a value keeps the
    /// attribute's position.
    subscript(name: String) -> String?? {
        get { pairs.first { $0.name == name }.map { .some($0.value) } ?? .none }
        set {
            let index = pairs.firstIndex { $0.name == name }
            switch (newValue, index) {
            case (.some(let value), .some(let index)): pairs[index].value = value
            case (.some(let value), .none): pairs.append((name, value))
            case (.none, .some(let index)): pairs.remove(at: index)
            case (.none, .none): break
            }
        }
    }

    /// The escaped attributes, each after a space: ` maxlength="30" required`.
    var markup: String {
        pairs.map { pair in
            " \(pair.name)" + (pair.value.map { "=\"\(SafeString(escaping: $0))\"" } ?? "")
        }.joined()
    }
}
