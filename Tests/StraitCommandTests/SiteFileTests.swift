import Testing

@testable import StraitCommand

@Suite struct SiteFileTests {
    private let app = try! AppName("chat")

    private func installing(in text: String, isElsewhere: Bool = false) throws -> String {
        try #require(SiteFile(text, at: "Site.swift")).installing(app, isElsewhere: isElsewhere)
    }

    @Test func `a site without installedApps gets it`() throws {
        #expect(
            try installing(
                in: "import Strait\n\n@main struct MySite: Site {\n    var routes: [Route] { path(\"\") }\n}\n")
                == "import Chat\nimport Strait\n\n@main struct MySite: Site {\n"
                + "    var installedApps: [any App] { [ChatApp()] }\n\n    var routes: [Route] { path(\"\") }\n}\n"
        )
        #expect(
            try installing(in: "@main struct MySite: Site {}")
                == "import Chat\n\n@main struct MySite: Site {\n    var installedApps: [any App] { [ChatApp()] }\n}")
    }

    @Test(arguments: [
        ("{ [BlogApp()] }", "{ [BlogApp(), ChatApp()] }"), ("{ [] }", "{ [ChatApp()] }"),
        ("{ return [BlogApp()] }", "{ return [BlogApp(), ChatApp()] }"), ("= [BlogApp()]", "= [BlogApp(), ChatApp()]"),
        ("{ // apps [\n        [BlogApp(), /* old */] }", "{ // apps [\n        [BlogApp(), ChatApp(), /* old */] }"),
        (
            "{\n        [\n            BlogApp(),\n        ]\n    }",
            "{\n        [\n            BlogApp(),\n            ChatApp(),\n        ]\n    }"
        ),
    ])
    func `an app is appended to an existing list`(list: String, expected: String) throws {
        func site(_ list: String) -> String {
            "struct S: Site {\n    var installedApps: [any App] \(list)\n    var a = 1\n}\n"
        }
        #expect(try installing(in: "import Chat\n" + site(list)) == "import Chat\n" + site(expected))
    }

    @Test(arguments: [
        "{ base + [BlogApp()] }", "{ [BlogApp()] + more }", "{ isOn ? [] : [BlogApp()] }", "= [BlogApp()] + more",
        "{ get { [] } }", "{ let a: [any App] = []; return a }",
    ])
    func `a list that is not a plain array literal is an error`(list: String) {
        #expect(throws: ManifestError("the site's installedApps is not written as one list [ … ]")) {
            try installing(in: "struct S: Site {\n    var installedApps: [any App] \(list)\n}\n")
        }
    }

    @Test func `a list in another file is an error`() {
        #expect(throws: ManifestError("another file declares the site's installedApps")) {
            try installing(in: "struct S: Site {}", isElsewhere: true)
        }
    }

    @Test(arguments: [
        ("import Strait\n", "import Chat\nimport Strait\n"),
        ("import Blog\nimport Strait\n", "import Blog\nimport Chat\nimport Strait\n"),
        ("import Album\n", "import Album\nimport Chat\n"), ("import Chat\n", "import Chat\n"),
        ("// import Zoo\npublic import Strait\n", "// import Zoo\nimport Chat\npublic import Strait\n"),
        ("@preconcurrency import Strait // all\n", "import Chat\n@preconcurrency import Strait // all\n"),
    ])
    func `the module is imported once, in alphabetical order`(imports: String, expected: String) throws {
        let changed = try installing(in: imports + "struct S: Site {}\n")
        #expect(changed.hasPrefix(expected + "struct S"))
    }

    @Test(arguments: [
        "struct Page: GetView {}", "// struct S: Site {}", "struct MySite {}", "let site: any Site", "struct S: Site {",
        "func f(_ s: any Site) {} ; struct P: GetView {}",
    ])
    func `a file without a site is not a site file`(text: String) {
        #expect(SiteFile(text, at: "a.swift") == nil)
    }
}
