internal import StraitCore
public import StraitText

/// A custom type that templates can use. A template sees only the members that the type declares.
///
/// ```swift
/// struct Room: TemplateObject {
///     let name: String
///     subscript(member name: String) -> TemplateValue? { name == "name" ? .string(self.name) : nil }
///     var templateText: String { name }
/// }
/// ```
///
/// A member is read only when a template uses it, so an expensive value can be computed on demand.
public protocol TemplateObject: Sendable {
    /// The value of `{{ value.name }}`. Nil means that there is no such member, so the variable is undefined.
    subscript(member name: String) -> TemplateValue? { get }
    /// The text that `{{ value }}` prints, escaped (Python's `__str__`).
    var templateText: String { get }
    /// The HTML that `{{ value }}` prints unescaped instead of the text (Python's `__html__`). The default is nil.
    var templateHTML: SafeString? { get }
    /// Whether `{% if value %}` is true. By default, it is true unless ``templateCount`` is 0.
    var templateTruth: Bool { get }
    /// The length, or nil if the value has none. By default, it is the number of elements.
    var templateCount: Int? { get }
    /// The elements for `{% for %}`, or nil if the value cannot be iterated. The default is nil.
    var templateElements: [TemplateValue]? { get }
    /// The text inside a printed list and with `pprint` (Python's `__repr__`). The default is ``templateText``.
    var templateRepresentation: String { get }
    /// Whether `==` in a template is true. By default, `Equatable` types are compared with `==`.
    ///
    /// Other classes are equal if they are the same instance, other structures and enumerations if they store equal
    /// values.
    func isEqual(to other: any TemplateObject) -> Bool
}

extension TemplateObject {
    /// No HTML, so the text is printed.
    public var templateHTML: SafeString? { nil }
    /// Whether the length is not 0. Values without a length are true.
    public var templateTruth: Bool { templateCount.map { $0 > 0 } ?? true }
    /// The number of elements, or nil if there are none to iterate.
    public var templateCount: Int? { templateElements?.count }
    /// Nil: the value cannot be iterated.
    public var templateElements: [TemplateValue]? { nil }
    /// The same as ``templateText``.
    public var templateRepresentation: String { templateText }
    /// Whether both are the same instance of a class, or store equal values.
    public func isEqual(to other: any TemplateObject) -> Bool { ObjectIdentity.isSame(self, other) }
}

extension TemplateObject where Self: Equatable {
    /// Whether both have the same type and are equal by `==`.
    public func isEqual(to other: any TemplateObject) -> Bool { (other as? Self) == self }
}

/// Equality of custom types, like Python's `==` for objects without `__eq__`.
///
/// Swift structures and enumerations have no identity, so two of them are equal if everything that they store is equal.
enum ObjectIdentity {
    /// Values that are nested more deeply than this count as different.
    private static let maximumDepth = 32

    /// Whether both are the same instance of a class, or equal values of one type.
    static func isSame(_ left: Any, _ right: Any, depth: Int = 0) -> Bool {
        guard depth < maximumDepth, type(of: left) == type(of: right) else { return false }
        if let left = left as? TemplateValue, let right = right as? TemplateValue { return left.isEqual(to: right) }
        if let left = left as? String, let right = right as? String { return left.hasSameBytes(as: right) }
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
