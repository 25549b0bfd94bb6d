/// The files of a new app.
struct AppTemplate {
    let name: AppName

    /// The folder of the app's sources.
    var sources: String { "Sources/\(name.module)" }
    /// The folder of the app's tests.
    var tests: String { "Tests/\(name.tests)" }

    /// The path of each file in the project's folder, with its text.
    var files: [(path: String, text: String)] {
        let values: [Substring: String] = [
            "name": name.module, "app": name.app, "consumer": name.consumer, "label": name.label, "tests": name.tests,
            "socket": "ws/\(name.label)/",
        ]
        func file(_ path: String, _ template: [UInt8]) -> (path: String, text: String) {
            (path, FileTemplate(template).filled(values))
        }
        return [
            file("\(sources)/\(name.app).swift", PackageResources.App_swift_txt),
            file("\(sources)/\(name.consumer).swift", PackageResources.Consumer_swift_txt),
            file("\(sources)/Templates/\(name.label)/index.html", PackageResources.app_html_txt),
            file("\(sources)/Static/\(name.label)/\(name.label).css", PackageResources.page_css_txt),
            file("\(sources)/Static/\(name.label)/\(name.label).js", PackageResources.page_js_txt),
            file("\(tests)/\(name.tests).swift", PackageResources.AppTests_swift_txt),
        ]
    }
}
