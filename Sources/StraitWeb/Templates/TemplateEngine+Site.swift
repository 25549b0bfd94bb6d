internal import Foundation
internal import StraitRouting
internal import StraitTemplates

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
