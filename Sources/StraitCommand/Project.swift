import Foundation
import StraitCommandLine

/// The package of a site, to which an app is added.
struct Project {
    /// The absolute path of the project's folder.
    let path: String
    /// The text of `Package.swift`.
    private let manifest: String

    /// The changes to existing files, and instructions for the files that the user has to change.
    struct Change {
        /// The new text of each file, by its path in the project.
        var texts: [(path: String, text: String)] = []
        /// An instruction for each file that was not changed, with the lines to paste.
        var left: [String] = []
    }

    init(at path: String) throws(CommandError) {
        guard !Checkout.isCheckout(path) else {
            throw CommandError(
                "\(path) is the checkout of Strait. Run the command in a project's folder, or give that folder after "
                    + "the app's name.")
        }
        guard let manifest = try? String(contentsOfFile: path + "/Package.swift", encoding: .utf8) else {
            throw CommandError(
                "There is no Package.swift in \(path). Run the command in a project's folder, or give that folder "
                    + "after the app's name.")
        }
        self.path = path
        self.manifest = manifest
    }

    /// Returns the changes that add `app` to the manifest and the site.
    ///
    /// - Throws: `UsageError` if the name is taken.
    func adding(_ app: AppName) throws -> Change {
        var change = Change()
        for folder in [AppTemplate(name: app).sources, AppTemplate(name: app).tests] {
            guard (try? FileManager.default.attributesOfItem(atPath: "\(path)/\(folder)")) == nil else {
                throw UsageError("\(folder) already exists. Give the app another name, or remove the folder.")
            }
        }
        var manifest: Manifest?
        do {
            let read = try Manifest(self.manifest)
            manifest = read
            change.texts.append(("Package.swift", try read.adding(app)))
        } catch let error as ManifestError {
            let program = try? manifest?.program()
            let lines = (manifest ?? Manifest.unread).declarations(of: app, like: program)
            change.left.append(
                "Package.swift was not changed: \(error). Add these targets to it, and \"\(app.module)\" to the "
                    + "dependencies of the program's target:\n\(lines),")
        }
        do {
            let program = try manifest?.program()
            change.texts.append(try install(app, in: manifest, program))
        } catch let error as ManifestError {
            change.left.append(
                "The site was not changed: \(error). Add these lines to it:\nimport \(app.module)\n"
                    + "var installedApps: [any App] { [\(app.app)()] }")
        }
        return change
    }

    /// Returns the site's file with `app` installed.
    private func install(
        _ app: AppName, in manifest: Manifest?, _ program: Manifest.Target?
    ) throws -> (path: String, text: String) {
        let folder = program.flatMap { manifest?.sources(of: $0) } ?? "Sources"
        var site: SiteFile?
        var declaring: [String] = []
        let names = FileManager.default.enumerator(atPath: "\(path)/\(folder)")?.compactMap { $0 as? String } ?? []
        for name in names.sorted() where name.hasSuffix(".swift") {
            let file = "\(folder)/\(name)"
            guard let text = try? String(contentsOfFile: "\(path)/\(file)", encoding: .utf8) else { continue }
            if SiteFile.declaresApps(text) { declaring.append(file) }
            if site == nil { site = SiteFile(text, at: file) }
        }
        guard let site else { throw ManifestError("\(folder) has no file with a type that conforms to Site") }
        return (site.path, try site.installing(app, isElsewhere: declaring.contains { $0 != site.path }))
    }

    /// Writes new and changed files. If an error occurs, all changes are undone.
    func write(
        _ new: [(path: String, text: String)], _ changed: [(path: String, text: String)]
    ) throws(CommandError) {
        let manager = FileManager.default
        let folder = URL(filePath: path, directoryHint: .isDirectory)
        // The outermost new files and folders, and the previous contents of changed files.
        var made: [URL] = []
        var former: [(URL, Data)] = []
        do {
            for file in new {
                let url = folder.appending(path: file.path)
                var missing = url
                while !manager.fileExists(atPath: missing.deletingLastPathComponent().path) {
                    missing.deleteLastPathComponent()
                }
                made.append(missing)
                try manager.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
                try Data(file.text.utf8).write(to: url, options: .withoutOverwriting)
            }
            for file in changed {
                let url = folder.appending(path: file.path)
                former.append((url, try Data(contentsOf: url)))
                try Data(file.text.utf8).write(to: url, options: .atomic)
            }
        } catch {
            for (url, data) in former { try? data.write(to: url, options: .atomic) }
            for url in made { try? manager.removeItem(at: url) }
            throw CommandError(
                "The app cannot be written to \(path): \(ProjectFolder.reason(error)). Check that you may write there.")
        }
    }
}
