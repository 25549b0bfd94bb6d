public import Strait

/// What the example pages share, as an app: the page that all of them extend, its style sheet, the script that draws
/// messages, and the pages of errors. A site that installs it calls its first page `index`, which every other one links to.
public struct LookApp: App {
    public init() {}

    public var templates: [any TemplateLoader] {
        [
            EmbeddedLoader([
                "look/base.html": String(decoding: PackageResources.base_html, as: UTF8.self),
                "404.html": String(decoding: PackageResources.notfound_html, as: UTF8.self),
                "500.html": String(decoding: PackageResources.broken_html, as: UTF8.self),
                "look/reader.html": String(decoding: PackageResources.reader_html, as: UTF8.self),
            ])
        ]
    }

    public var staticFiles: [StaticSource] {
        [
            .embedded([
                "look/look.css": Bytes(PackageResources.look_css), "look/look.js": Bytes(PackageResources.look_js),
            ])
        ]
    }
}
