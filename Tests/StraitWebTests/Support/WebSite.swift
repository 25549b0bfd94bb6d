import StraitCore
import StraitHTTP
import StraitRouting
import StraitTemplates

@testable import StraitWeb

/// An application in the standard middleware, with the services that it needs.
struct WebSite {
    let application: any Application
    let services: Services

    init(
        _ router: any Application, settings: Settings, staticFiles: StaticFiles = StaticFiles(),
        templates: [any TemplateLoader] = [], middleware: MiddlewareList = .standard, rootPath: String = ""
    ) throws {
        let context = SiteContext(
            settings: settings, names: URLNames(of: router, rootPath: rootPath), staticFiles: staticFiles,
            loaders: templates, rootPath: rootPath)
        application = try middleware.around(router, in: context)
        services = try Services([context])
    }
}
