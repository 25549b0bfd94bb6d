/// What a filter is called with beside its value and argument.
public struct FilterEnvironment: Sendable {
    /// The engine whose template is rendered.
    public let engine: TemplateEngine
    /// Whether variables are escaped where the filter stands (Django's `needs_autoescape`).
    public let isAutoescaping: Bool
}

/// A filter: `{{ value|name:argument }}`.
struct TemplateFilter: Sendable {
    typealias Body =
        @Sendable (TemplateValue, TemplateValue?, FilterEnvironment) throws(TemplateError) -> TemplateValue

    let name: String
    /// Whether HTML stays HTML (Django's `is_safe`).
    let isSafe: Bool
    let argument: FilterArgument
    let apply: Body

    /// Refuses an argument too many or too few.
    func check(hasArgument: Bool) throws(TemplateError) {
        switch (argument, hasArgument) {
        case (.none, true): throw .syntax("The filter '\(name)' takes no argument. Take it away, with its ':'.")
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
