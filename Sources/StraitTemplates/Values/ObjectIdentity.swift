/// Equality of custom types, like Python's `==` for objects without `__eq__`.
///
/// Swift structures and enumerations have no identity, so two of them are equal if everything that they store is equal.
enum ObjectIdentity {
    /// Values that are nested more deeply than this count as different.
    private static let deepest = 32

    /// Whether both are the same instance of a class, or equal values of one type.
    static func isSame(_ left: Any, _ right: Any, depth: Int = 0) -> Bool {
        guard depth < deepest, type(of: left) == type(of: right) else { return false }
        if let left = left as? TemplateValue, let right = right as? TemplateValue { return left.isEqual(to: right) }
        if let left = left as? String, let right = right as? String { return PythonText.equal(left, right) }
        // An instance is equal to itself, even if it stores NaN.
        if let left = left as? Double, let right = right as? Double {
            return left == right || (left.isNaN && right.isNaN)
        }
        if type(of: left) is AnyClass {
            return ObjectIdentifier(left as AnyObject) == ObjectIdentifier(right as AnyObject)
        }
        let (one, two) = (Mirror(reflecting: left), Mirror(reflecting: right))
        if one.children.isEmpty, two.children.isEmpty { return isEqual(left, right) }
        guard one.children.count == two.children.count else { return false }
        return zip(one.children, two.children).allSatisfy { left, right in
            left.label == right.label && isSame(left.value, right.value, depth: depth + 1)
        }
    }

    /// Compares values without stored properties: with `==` if they are `Equatable`, otherwise by their descriptions.
    private static func isEqual(_ left: Any, _ right: Any) -> Bool {
        guard let left = left as? any Equatable else { return "\(left)" == "\(right)" }
        func compared<Value: Equatable>(_ left: Value) -> Bool { (right as? Value) == left }
        return compared(left)
    }
}
