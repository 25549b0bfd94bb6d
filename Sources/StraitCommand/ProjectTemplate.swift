/// The files of a new project. They stand in the folder `Template`; `{{word}}` in them is replaced.
struct ProjectTemplate {
    let name: ProjectName
    /// The checkout of Strait, as the project's manifest names it.
    let strait: String
    /// The key that this machine's settings are given.
    let secret: String

    /// The path of each file in the project's folder, and what is in it.
    var files: [(path: String, text: String)] {
        let sources = "Sources/\(name.module)"
        let tests = "Tests/\(name.module)Tests"
        return [
            ("Package.swift", filled(PackageResources.Package_swift_txt)),
            ("README.md", filled(PackageResources.README_md_txt)),
            (".gitignore", filled(PackageResources.gitignore_txt)),
            ("settings.env", "# For this machine, not for git.\nDEBUG=true\nSECRET_KEY=\(secret)\n"),
            ("\(sources)/\(name.site).swift", filled(PackageResources.Site_swift_txt)),
            ("\(sources)/Hello.swift", filled(PackageResources.Hello_swift_txt)),
            ("\(sources)/index.html", filled(PackageResources.index_html_txt)),
            ("\(tests)/HelloTests.swift", filled(PackageResources.HelloTests_swift_txt)),
        ]
    }

    /// What a `{{word}}` stands for, as it is written in Swift and anywhere else.
    private var values: [Substring: String] {
        ["name": name.module, "site": name.site, "strait": Self.literal(strait)]
    }

    /// `template` with its words replaced. What replaces them is not looked through again.
    private func filled(_ template: [UInt8]) -> String {
        var result = ""
        var rest = Substring(String(decoding: template, as: UTF8.self))
        while let match = rest.firstMatch(of: /\{\{(\w+)\}\}/) {
            guard let value = values[match.1] else { preconditionFailure("There is no value for {{\(match.1)}}.") }
            result += rest[..<match.range.lowerBound] + value
            rest = rest[match.range.upperBound...]
        }
        return result + rest
    }

    /// What stands between the quotation marks of a literal that means `text`.
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
