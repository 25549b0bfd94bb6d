internal import StraitCore
internal import StraitText

extension TemplateValue {
    /// Whether Python's `==` is true. Numbers are compared by value, strings by Unicode scalars, lists and dictionaries
    /// by their contents.
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
        if let left = string, let right = other.string { return left.hasSameBytes(as: right) }
        if case .int(let left) = self, case .int(let right) = other { return left == right }
        return numericOrder(other) == 0
    }

    /// Returns whether Python's `<` is true, or nil if Python raises TypeError.
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
        guard isNumber, other.isNumber else { return nil }
        return numericOrder(other).map { $0 < 0 } ?? false
    }

    /// Returns a negative number, 0 or a positive number if this number is less than, equal to or greater than `other`.
    /// As in Python, the comparison is exact. Nil for NaN and for values that are not numbers.
    private func numericOrder(_ other: TemplateValue) -> Int? {
        guard isNumber, other.isNumber else { return nil }
        if case .double(let left) = self, case .double(let right) = other {
            return left < right ? -1 : left > right ? 1 : left == right ? 0 : nil
        }
        if let left = exactDouble, let right = other.exactDouble { return left < right ? -1 : left > right ? 1 : 0 }
        if let left = asDecimal, let right = other.asDecimal { return left.order(right) }
        if case .double(let left) = self, left.isInfinite { return left < 0 ? -1 : 1 }
        if case .double(let right) = other, right.isInfinite { return right < 0 ? 1 : -1 }
        return nil
    }

    /// The number as a floating-point number, or nil if the conversion is not exact or the value is NaN.
    private var exactDouble: Double? {
        switch self {
        case .bool(let value): value ? 1 : 0
        case .int(let value): value.magnitude <= 1 << 53 ? Double(value) : nil
        case .double(let value): value.isNaN ? nil : value
        default: nil
        }
    }

    /// Returns whether Python's `<=` is true, or nil if Python raises TypeError.
    func isLessOrEqual(to other: TemplateValue) -> Bool? {
        guard let isLess = isLess(than: other) else { return nil }
        return isLess || isEqual(to: other)
    }

    /// Returns whether Python's `element in self` is true, or nil if Python raises TypeError.
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

    /// Whether Python's `is` is true. Only `None`, Booleans and integers from -5 to 256 can be identical.
    func isIdentical(to other: TemplateValue) -> Bool {
        switch (self, other) {
        case (.none, .none): true
        case (.bool(let left), .bool(let right)): left == right
        case (.int(let left), .int(let right)): left == right && (-5...256).contains(left)
        default: false
        }
    }
}
