/// The variables of one scope: two parallel arrays for up to 8 variables, otherwise a dictionary.
struct ContextScope {
    /// The names, apart from the values, so that a search touches no values.
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

    /// All variables as a dictionary.
    var all: [String: TemplateValue] {
        many ?? Dictionary(zip(names, values)) { $1 }
    }
}
