/// The rendering in which a filter is called.
public struct FilterEnvironment: Sendable {
    /// The engine of the template.
    public let engine: TemplateEngine
    /// Whether auto-escaping is on at the filter's position (Django's `needs_autoescape`).
    public let isAutoescaping: Bool
}

/// A filter: `{{ value|name:argument }}`.
struct TemplateFilter: Sendable {
    typealias Body =
        @Sendable (TemplateValue, TemplateValue?, FilterEnvironment) throws(TemplateError) -> TemplateValue

    let name: String
    /// Whether a safe value stays safe after the filter (Django's `is_safe`).
    let isSafe: Bool
    let argument: FilterArgument
    let apply: Body

    /// Throws `syntax` if the template passes an argument that the filter does not take, or omits a required one.
    func check(hasArgument: Bool) throws(TemplateError) {
        switch (argument, hasArgument) {
        case (.none, true): throw .syntax("The filter '\(name)' takes no argument. Remove the ':' and the argument.")
        case (.required, false):
            throw .syntax("The filter '\(name)' requires an argument. Expected '\(name):' and a value.")
        default: break
        }
    }
}

/// Whether a filter takes an argument.
public enum FilterArgument: Sendable, Hashable {
    case none, optional, required
}
