public import StraitRouting
public import StraitTemplates

/// Values that every template has, beside those of its view; an entry of Django's `context_processors`.
///
/// ```swift
/// var contextProcessors: [ContextProcessor] {
///     [
///         .settings("SITE_NAME"),                                     // {{ settings.SITE_NAME }}
///         ContextProcessor { request in ["lang": .string(request.cookies["lang"] ?? "en")] },
///     ]
/// }
/// ```
///
/// Those of apps come first, then the site's; a later value replaces an earlier one of the same name, and a view's value
/// replaces both. They are called for each page that is rendered, so make what costs much a
/// `TemplateObject`, whose members are asked for when they are shown.
public struct ContextProcessor: Sendable {
    let values: (@Sendable (Request) throws -> [String: TemplateValue])?
    let settingNames: [String]

    /// - Parameter values: Called with the request of a page. An error that it throws is answered with 500.
    public init(_ values: @escaping @Sendable (Request) throws -> [String: TemplateValue]) {
        self.values = values
        settingNames = []
    }

    private init(settings names: [String]) {
        values = nil
        settingNames = names
    }

    /// The settings of these names as members of `settings`: `{{ settings.SITE_NAME }}`.
    ///
    /// - Parameter names: Settings of the site's own, and `DEBUG`, `STATIC_URL`, `MEDIA_URL` and `TIME_ZONE`. Others of
    ///   Strait's, such as `SECRET_KEY`, are never shown. A setting that has no value prints nothing.
    public static func settings(_ names: String...) -> ContextProcessor { ContextProcessor(settings: names) }
}

extension [ContextProcessor] {
    /// The settings that the processors name; nil if they name none.
    func settings(of settings: Settings) -> TemplateValue? {
        let names = flatMap(\.settingNames)
        if names.isEmpty { return nil }
        return .dictionary(
            TemplateDictionary(
                names.compactMap { name in
                    let value: TemplateValue? =
                        switch name {
                        case "DEBUG": .bool(settings.debug)
                        case "STATIC_URL": .string(settings.staticURL)
                        case "MEDIA_URL": .string(settings.mediaURL)
                        case "TIME_ZONE": .string(settings.timeZone)
                        default: settings[name].map { .string($0) }
                        }
                    return value.map { (key: name, value: $0) }
                }))
    }
}
