extension TemplateValue {
    /// Python's `==`: numbers by value, text by scalars, lists and dictionaries by what is in them.
    public func isEqual(to other: TemplateValue) -> Bool {
        switch (self, other) {
        case (.none, .none): return true
        case (.list(let left), .list(let right)), (.tuple(let left), .tuple(let right)):
            return left.count == right.count && zip(left, right).allSatisfy { $0.isEqual(to: $1) }
        case (.dictionary(let left), .dictionary(let right)):
            return left.count == right.count
                && left.entries.allSatisfy { entry in right[entry.key].map { $0.isEqual(to: entry.value) } ?? false }
        case (.date(let left), .date(let right)): return left.order(right) == .some(0)
        case (.object(let left), .object(let right)): return left.isEqual(to: right)
        default: break
        }
        if let left = string, let right = other.string { return PythonText.equal(left, right) }
        if case .int(let left) = self, case .int(let right) = other { return left == right }
        if isNumber, other.isNumber { return asDouble == other.asDouble }
        return false
    }

    /// Whether Python's `<` holds; nil where it raises TypeError.
    public func isLess(than other: TemplateValue) -> Bool? {
        if let left = string, let right = other.string { return PythonText.isLess(left, right) }
        switch (self, other) {
        case (.int(let left), .int(let right)): return left < right
        case (.date(let left), .date(let right)): return left.order(right).map { $0 < 0 }
        case (.list(let left), .list(let right)), (.tuple(let left), .tuple(let right)):
            for (one, two) in zip(left, right) where !one.isEqual(to: two) { return one.isLess(than: two) }
            return left.count < right.count
        default: break
        }
        guard isNumber, other.isNumber, let left = asDouble, let right = other.asDouble else { return nil }
        return left < right
    }

    /// Whether Python's `<=` holds; nil where it raises TypeError.
    func isLessOrEqual(to other: TemplateValue) -> Bool? {
        guard let isLess = isLess(than: other) else { return nil }
        return isLess || isEqual(to: other)
    }

    /// Whether Python's `element in self` holds; nil where it raises TypeError.
    func contains(_ element: TemplateValue) -> Bool? {
        switch self {
        case .string, .safe:
            guard let part = element.string, let text = string else { return nil }
            return PythonText.contains(text, part)
        case .dictionary(let dictionary):
            switch element {
            case .list, .dictionary: return nil
            default: return element.string.map { dictionary[$0] != nil } ?? false
            }
        default: return elements.map { $0.contains { $0.isEqual(to: element) } }
        }
    }

    /// Python's `is`, as far as it can be told: singletons, small numbers, and empty tuples.
    func isIdentical(to other: TemplateValue) -> Bool {
        switch (self, other) {
        case (.none, .none): true
        case (.bool(let left), .bool(let right)): left == right
        case (.int(let left), .int(let right)): left == right && (-5...256).contains(left)
        default: false
        }
    }
}
