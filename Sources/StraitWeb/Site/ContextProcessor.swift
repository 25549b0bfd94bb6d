internal import Foundation
public import StraitHTTP
import StraitRouting
public import StraitTemplates

/// A source of values that every template has in addition to those of its view. An entry of Django's
/// `context_processors`.
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
/// The processors of apps run first, then the site's. A later value replaces an earlier one of the same name. A view's
/// values replace both.
///
/// Processors run for every rendered page. For an expensive value, return a `TemplateObject`: its members are computed
/// only when the template shows them.
public struct ContextProcessor: Sendable {
    let values: (@Sendable (Request) throws -> [String: TemplateValue])?
    let settingNames: [String]
    /// The step that reads the data of the values before the view runs.
    let loading: ContextLoading?

    /// Creates a processor whose data is read before the view runs.
    ///
    /// - Parameters:
    ///   - isNeeded: Returns whether the data of a page has to be read.
    ///   - load: Reads it.
    ///   - values: Called with the page's request.
    package init(
        ifNeeded isNeeded: @escaping @Sendable (Scope) -> Bool,
        load: @escaping @Sendable (Scope) async throws -> Void,
        values: @escaping @Sendable (Request) throws -> [String: TemplateValue]
    ) {
        self.values = values
        settingNames = []
        loading = ContextLoading(isNeeded: isNeeded, load: load)
    }

    /// Creates a processor that computes values for each page.
    ///
    /// - Parameter values: Called with the page's request. If it throws an error, the response is 500.
    public init(_ values: @escaping @Sendable (Request) throws -> [String: TemplateValue]) {
        self.values = values
        settingNames = []
        loading = nil
    }

    private init(settings names: [String]) {
        values = nil
        settingNames = names
        loading = nil
    }

    /// Returns a processor that gives templates these settings as members of `settings`: `{{ settings.SITE_NAME }}`.
    ///
    /// - Parameter names: The site's own settings, `DEBUG`, `STATIC_URL`, `MEDIA_URL` and `TIME_ZONE`. Strait's other
    ///   settings, such as `SECRET_KEY`, are never shown. A setting without a value prints nothing.
    public static func settings(_ names: String...) -> ContextProcessor { ContextProcessor(settings: names) }
}

extension [ContextProcessor] {
    /// Returns the settings that the processors name; nil if they name none.
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

extension TemplateEngine {
    /// Creates a site's engine: `{% url %}` knows its routes and `{% static %}` its files.
    convenience init(
        _ loaders: [any TemplateLoader], libraries: [String: TemplateLibrary], settings: Settings, names: URLNames,
        staticFiles: StaticFiles, rootPath: String
    ) {
        self.init(
            loaders: settings.templateFolders.map { FolderLoader($0) } + loaders, isDebug: settings.debug,
            libraries: libraries, timeZone: TimeZone(identifier: settings.timeZone) ?? .gmt,
            staticPrefix: MountedURL.of(settings.staticURL, under: rootPath),
            mediaPrefix: MountedURL.of(settings.mediaURL, under: rootPath),
            staticURL: { try staticFiles.url($0) },
            reverse: { name, arguments, named, _ in
                if arguments.isEmpty {
                    return try names.reverse(
                        name, Dictionary(named.map { ($0.name, $0.value.routeArgument) }) { $1 })
                }
                return try names.reverse(name, arguments: arguments.map(\.routeArgument))
            })
    }
}

extension TemplateValue {
    /// The argument that represents the value in a path.
    fileprivate var routeArgument: any RouteArgument {
        if case .int(let number) = self { number } else { text }
    }
}
