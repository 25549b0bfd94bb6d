/// The variables of one scope: few of them side by side, which is what tags make, or a dictionary.
struct ContextScope {
    /// Apart from the values, so that looking for a name touches no value.
    private var names: [String] = []
    private var values: [TemplateValue] = []
    private var many: [String: TemplateValue]?

    init() {}

    init(_ values: [String: TemplateValue]) { many = values }

    func value(of name: String) -> TemplateValue? {
        if many != nil { return many?[name] }
        var index = 0
        while index < names.count {
            if names[index] == name { return values[index] }
            index += 1
        }
        return nil
    }

    mutating func set(_ name: String, _ value: TemplateValue?) {
        if many != nil {
            many?[name] = value
            return
        }
        let place = names.firstIndex(of: name)
        guard let value else {
            if let place {
                names.remove(at: place)
                values.remove(at: place)
            }
            return
        }
        if let place {
            values[place] = value
        } else if names.count < 8 {
            names.append(name)
            values.append(value)
        } else {
            many = all
            names = []
            values = []
            many?[name] = value
        }
    }

    /// All of them.
    var all: [String: TemplateValue] {
        many ?? Dictionary(zip(names, values)) { $1 }
    }
}
