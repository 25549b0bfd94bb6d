/// The files of a new project.
struct ProjectTemplate {
    let name: ProjectName
    /// The path of Strait's checkout for the project's manifest.
    let strait: String
    /// The secret key for this machine's settings.
    let secret: String

    /// The path of each file in the project's folder, with its text.
    var files: [(path: String, text: String)] {
        let sources = "Sources/\(name.module)"
        let values: [Substring: String] = [
            "name": name.module, "site": name.site, "strait": FileTemplate.literal(strait),
            "socket": "ws/hello/",
        ]
        func file(_ path: String, _ template: [UInt8]) -> (path: String, text: String) {
            (path, FileTemplate(template).filled(values))
        }
        return [
            file("Package.swift", PackageResources.Package_swift_txt),
            file("README.md", PackageResources.README_md_txt),
            file(".gitignore", PackageResources.gitignore_txt),
            file(".swift-version", PackageResources.swift_version_txt),
            ("settings.env", "# Settings of this machine. Don't commit this file.\nDEBUG=true\nSECRET_KEY=\(secret)\n"),
            file("\(sources)/\(name.site).swift", PackageResources.Site_swift_txt),
            file("\(sources)/Hello.swift", PackageResources.Hello_swift_txt),
            file("\(sources)/Templates/\(name.module)/index.html", PackageResources.index_html_txt),
            file("\(sources)/Static/\(name.module)/hello.css", PackageResources.page_css_txt),
            file("\(sources)/Static/\(name.module)/hello.js", PackageResources.page_js_txt),
            file("Tests/\(name.module)Tests/HelloTests.swift", PackageResources.HelloTests_swift_txt),
        ]
    }
}
