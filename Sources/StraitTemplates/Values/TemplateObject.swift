/// A value of an application's own type in a template: a template sees the members that it declares and nothing else.
///
/// ```swift
/// struct Room: TemplateObject {
///     let name: String
///     subscript(member name: String) -> TemplateValue? { name == "name" ? .string(self.name) : nil }
///     var templateText: String { name }
/// }
/// ```
///
/// Members are asked for when a template uses them, so what is costly may be computed there.
public protocol TemplateObject: Sendable {
    /// What `{{ value.name }}` is, or nil where there is no such member, which is then an undefined variable.
    subscript(member name: String) -> TemplateValue? { get }
    /// What `{{ value }}` prints (Python's `__str__`). It is escaped.
    var templateText: String { get }
    /// What `{{ value }}` prints where it is HTML, and not to be escaped (Python's `__html__`). Without an own one: nil.
    var templateHTML: SafeString? { get }
    /// Whether `{% if value %}` holds. Without an own one: whether there are elements, or true where it has none.
    var templateTruth: Bool { get }
    /// Its length, or nil where it has none. Without an own one: the number of elements.
    var templateCount: Int? { get }
    /// What `{% for %}` goes through, or nil where it cannot.
    var templateElements: [TemplateValue]? { get }
    /// How it looks within a list or by `pprint` (Python's `__repr__`). Without an own one: its text.
    var templateRepresentation: String { get }
    /// Whether `==` holds. By default, `Equatable` types are compared with `==`. Other classes are equal if they are
    /// the same instance, and other structures and enumerations if they store equal values.
    func isEqual(to other: any TemplateObject) -> Bool
}

extension TemplateObject {
    public var templateHTML: SafeString? { nil }
    public var templateTruth: Bool { templateCount.map { $0 > 0 } ?? true }
    public var templateCount: Int? { templateElements?.count }
    public var templateElements: [TemplateValue]? { nil }
    public var templateRepresentation: String { templateText }
    public func isEqual(to other: any TemplateObject) -> Bool { ObjectIdentity.isSame(self, other) }
}

extension TemplateObject where Self: Equatable {
    public func isEqual(to other: any TemplateObject) -> Bool { (other as? Self) == self }
}
