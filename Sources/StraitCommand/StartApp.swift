import Foundation
import StraitCommandLine

/// Creates an app in a project, as a target with a page, a consumer and a test; Django's `startapp`.
struct StartApp: ToolCommand {
    static let name = "startapp"
    static let summary = "Adds an app to a project: a folder with a page, a consumer and a test."
    static var options: [CommandOption<StartApp>] {
        [
            .argument("NAME", "The name of the app and its module: a Swift identifier.", \.app),
            .argument(
                "FOLDER", "The project's folder, which contains Package.swift (default: the current one).", \.folder),
        ]
    }

    var app = ""
    var folder: String?

    func run(print: (String) -> Void) throws {
        try run(in: FileManager.default.currentDirectoryPath, print: print)
    }

    /// Creates the app.
    ///
    /// - Parameter place: The current folder.
    func run(in place: String, print: (String) -> Void) throws {
        let name = try AppName(app)
        let project = try Project(
            at: URL(filePath: folder ?? ".", relativeTo: URL(filePath: place, directoryHint: .isDirectory))
                .standardizedFileURL.path)
        let template = AppTemplate(name: name)
        let change = try project.adding(name)
        try project.write(template.files, change.texts)
        print("Created the app \(name.app) in \(template.sources), with tests in \(template.tests).")
        if !change.left.isEmpty { throw CommandError(change.left.joined(separator: "\n")) }
        print("Its page:  http://127.0.0.1:8000/\(name.label)/, once the site runs again")
        print("Its tests: swift test --filter \(name.tests)")
    }
}
