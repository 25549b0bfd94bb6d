/// The variables of one scope: few of them side by side, which is what tags make, or a dictionary.
struct ContextScope {
    private var few: [(name: String, value: TemplateValue)] = []
    private var many: [String: TemplateValue]?

    init() {}

    init(_ values: [String: TemplateValue]) { many = values }

    @inline(__always)
    func value(of name: String) -> TemplateValue? {
        if let many { return many[name] }
        for entry in few where entry.name == name { return entry.value }
        return nil
    }

    mutating func set(_ name: String, _ value: TemplateValue?) {
        if many != nil {
            many?[name] = value
            return
        }
        let place = few.firstIndex { $0.name == name }
        guard let value else {
            if let place { few.remove(at: place) }
            return
        }
        if let place {
            few[place].value = value
        } else if few.count < 8 {
            few.append((name, value))
        } else {
            many = all
            few = []
            many?[name] = value
        }
    }

    /// All of them.
    var all: [String: TemplateValue] {
        many ?? Dictionary(few.map { ($0.name, $0.value) }) { $1 }
    }
}
