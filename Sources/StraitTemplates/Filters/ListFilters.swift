internal import StraitText

extension TemplateLibrary {
    /// Adds the list filters.
    mutating func addListFilters() {
        add("dictsort", .required) { (value, argument, _) throws(TemplateError) in
            try Self.sorted(value, argument ?? "", isReversed: false)
        }
        add("dictsortreversed", .required) { (value, argument, _) throws(TemplateError) in
            try Self.sorted(value, argument ?? "", isReversed: true)
        }
        add("first") { (value, _, _) throws(TemplateError) in try Self.sequence(value, "first").first ?? "" }
        add("last", isSafe: true) { (value, _, _) throws(TemplateError) in try Self.sequence(value, "last").last ?? "" }
        add("length") { (value, _, _) in .int(value.count ?? 0) }
        add("random", isSafe: true) { (value, _, environment) throws(TemplateError) in
            var generator = environment.engine.generator
            if value.count == 0 { return "" }
            return try Self.sequence(value, "random").randomElement(using: &generator) ?? ""
        }
        add("join", .required, isSafe: true) { (value, argument, environment) throws(TemplateError) in
            try Self.joined(value, argument ?? "", environment)
        }
        add("slice", .required, isSafe: true) { (value, argument, _) in Self.slice(value, (argument ?? "").text) }
        addText("make_list") { (input, _, _) in .list(input.text.unicodeScalars.map { .string(String($0)) }) }
        add("unordered_list", isSafe: true) { (value, _, environment) throws(TemplateError) in
            guard let elements = value.elements else { throw Self.notAList("unordered_list", value) }
            return .safe(SafeString(UnorderedList.text(elements, isEscaping: environment.isAutoescaping)))
        }
        add("safeseq", isSafe: true) { (value, _, _) throws(TemplateError) in
            guard let elements = value.elements else { throw Self.notAList("safeseq", value) }
            return .list(elements.map { .safe(SafeString($0.text)) })
        }
        add("escapeseq", isSafe: true) { (value, _, _) throws(TemplateError) in
            guard let elements = value.elements else { throw Self.notAList("escapeseq", value) }
            return .list(elements.map { .safe(SafeString($0.escapedText)) })
        }
    }

    static func notAList(_ filter: String, _ value: TemplateValue) -> TemplateError {
        .badValue("The filter '\(filter)' got \(value.representation). Give it a list.")
    }

    /// Returns the elements of a value that can be indexed. A dictionary cannot.
    private static func sequence(_ value: TemplateValue, _ filter: String) throws(TemplateError) -> [TemplateValue] {
        switch value {
        case .list(let elements), .tuple(let elements): return elements
        case .string, .safe: return value.elements ?? []
        case .object(let object):
            if !(object is DictionaryView), let elements = object.templateElements { return elements }
        default: break
        }
        throw notAList(filter, value)
    }

    private static func joined(
        _ value: TemplateValue, _ argument: TemplateValue, _ environment: FilterEnvironment
    ) throws(TemplateError) -> TemplateValue {
        if environment.isAutoescaping {
            guard let elements = value.elements else { return value }
            return .safe(SafeString(elements.map(\.escapedText).joined(separator: argument.escapedText)))
        }
        guard let separator = argument.string else {
            throw .badValue("'join' got the separator \(argument.representation). Pass a string.")
        }
        guard let elements = value.elements, elements.allSatisfy({ $0.string != nil }) else { return value }
        return .safe(SafeString(elements.map(\.text).joined(separator: separator)))
    }

    /// Returns a Python slice, such as `1:-1:2`. An invalid slice returns the value unchanged.
    private static func slice(_ value: TemplateValue, _ text: String) -> TemplateValue {
        let elements: [TemplateValue]
        switch value {
        case .list(let list), .tuple(let list): elements = list
        case .string, .safe: elements = value.elements ?? []
        default: return value
        }
        var bounds: [Int?] = []
        for part in PythonText.split(text, at: ":") {
            if part.isEmpty {
                bounds.append(nil)
            } else {
                guard let number = PythonNumber.int(part) else { return value }
                bounds.append(number)
            }
        }
        // A single bound is the end.
        if bounds.count == 1 { bounds.insert(nil, at: 0) }
        guard bounds.count <= 3, let places = places(bounds, elements.count) else { return value }
        let chosen = places.map { elements[$0] }
        switch value {
        case .list: return .list(chosen)
        case .tuple: return .tuple(chosen)
        default: return .string(chosen.map(\.text).joined())
        }
    }

    private static func places(_ bounds: [Int?], _ count: Int) -> [Int]? {
        let step = (bounds.at(2) ?? nil) ?? 1
        guard step != 0 else { return nil }
        let (low, high) = step > 0 ? (0, count) : (-1, count - 1)
        func clamped(_ bound: Int?, _ standard: Int) -> Int {
            guard let bound else { return standard }
            let place = bound < 0 ? max(bound, -count - 1) + count : bound
            return min(max(place, low), high)
        }
        let start = clamped(bounds[0], step > 0 ? low : high)
        let end = clamped(bounds[1], step > 0 ? high : low)
        return Array(stride(from: start, to: end, by: min(max(step, -count - 1), count + 1)))
    }

    private static func sorted(
        _ value: TemplateValue, _ argument: TemplateValue, isReversed: Bool
    ) throws(TemplateError) -> TemplateValue {
        guard let elements = value.elements else { return "" }
        if let name = argument.string, PythonText.hasPrefix(name, "_") || PythonText.contains(name, "._") { return "" }
        var keyed: [(key: TemplateValue, value: TemplateValue)] = []
        for element in elements {
            guard let key = try key(of: element, argument) else { return "" }
            keyed.append((key, element))
        }
        // The sort is stable in both directions. If two keys cannot be compared, the result is an empty string.
        var isComparable = true
        let result = keyed.enumerated().sorted { one, two in
            let (first, second) = isReversed ? (two, one) : (one, two)
            guard let isLess = first.element.key.isLess(than: second.element.key),
                let isMore = second.element.key.isLess(than: first.element.key)
            else {
                isComparable = false
                return false
            }
            if isLess || isMore { return isLess }
            return one.offset < two.offset
        }
        return isComparable ? .list(result.map(\.element.value)) : ""
    }

    /// Returns the element's sort key, or nil if it has none.
    private static func key(
        of element: TemplateValue, _ argument: TemplateValue
    ) throws(TemplateError) -> TemplateValue? {
        guard let name = argument.string else {
            if case .dictionary = element { throw noKey(argument) }
            return place(argument, of: element)
        }
        guard PythonNumber.double(name) == nil else {
            if case .dictionary(let dictionary) = element {
                if let value = dictionary[name] { return value }
                throw noKey(argument)
            }
            return nil
        }
        guard !name.isEmpty else { throw .badValue("'dictsort' got an empty name. Pass a member's name.") }
        var value = element
        for part in PythonText.split(name, at: ".") {
            if case .dictionary(let dictionary) = value {
                guard let next = dictionary[part] else { return nil }
                value = next
            } else {
                guard value.string == nil, let next = value.member(part, index: nil) else { return nil }
                value = next
            }
        }
        return value
    }

    private static func noKey(_ key: TemplateValue) -> TemplateError {
        .badValue("'dictsort' needs \(key.representation), which an element does not have. Check the spelling.")
    }

    private static func place(_ argument: TemplateValue, of element: TemplateValue) -> TemplateValue? {
        guard case .int(let index) = argument else { return nil }
        switch element {
        case .list, .tuple, .string, .safe:
            let elements = element.elements ?? []
            return elements.at(index < 0 ? index + elements.count : index)
        case .object(let object): return object.templateElements?.at(index)
        default: return nil
        }
    }
}
