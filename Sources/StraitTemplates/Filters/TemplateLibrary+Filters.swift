extension TemplateLibrary {
    /// Django's built-in filters.
    static let filters: TemplateLibrary = {
        var library = TemplateLibrary()
        library.addTextFilters()
        library.addWordFilters()
        library.addHTMLFilters()
        library.addListFilters()
        library.addNumberFilters()
        library.addDateFilters()
        library.addLogicFilters()
        return library
    }()
}

extension TemplateError {
    /// The error for a value that is not a whole number.
    static func noNumber(_ filter: String, _ value: TemplateValue) -> TemplateError {
        .badValue("The filter '\(filter)' got \(value.representation). Give it a whole number.")
    }
}
