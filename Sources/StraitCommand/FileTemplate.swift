/// A file of the folder `Template`, with placeholders of the form `{{word}}`.
struct FileTemplate {
    let bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Returns the text with its placeholders replaced by `values`. Placeholders in values are not replaced.
    func filled(_ values: [Substring: String]) -> String {
        var result = ""
        var rest = Substring(String(decoding: bytes, as: UTF8.self))
        while let match = rest.firstMatch(of: /\{\{(\w+)\}\}/) {
            guard let value = values[match.1] else { preconditionFailure("There is no value for {{\(match.1)}}.") }
            result += rest[..<match.range.lowerBound] + value
            rest = rest[match.range.upperBound...]
        }
        return result + rest
    }

    /// Returns `text` escaped for a Swift string literal, without the quotation marks.
    static func literal(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\", "\"": result += "\\\(scalar)"
            case "\u{20}"...: result.unicodeScalars.append(scalar)
            default: result += "\\u{\(String(scalar.value, radix: 16))}"
            }
        }
        return result
    }
}

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
