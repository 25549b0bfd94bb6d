import Foundation
import StraitCommandLine

/// The folder of a new project, which is empty or does not exist yet.
struct ProjectFolder {
    /// The absolute path, with symbolic links resolved.
    let path: String
    /// The folder as an argument for a shell in the current folder.
    let shellPath: String
    private let isThere: Bool

    /// Checks `folder`, which may be relative to `place`.
    init(_ folder: String, in place: String) throws(CommandError) {
        guard !folder.isEmpty else {
            throw CommandError("FOLDER is empty. Give a folder, or leave it out.")
        }
        let url = URL(filePath: folder, relativeTo: URL(filePath: place, directoryHint: .isDirectory))
            .standardizedFileURL
        let parent = url.deletingLastPathComponent().path
        guard Self.isFolder(parent) else {
            throw CommandError("There is no folder \(parent). Create it first, or choose another place.")
        }
        isThere = (try? FileManager.default.attributesOfItem(atPath: url.path)) != nil
        if isThere {
            guard Self.isFolder(url.path) else {
                throw CommandError("\(url.path) already exists and is not a folder. Choose another place.")
            }
            guard let content = try? FileManager.default.contentsOfDirectory(atPath: url.path) else {
                throw CommandError("\(url.path) cannot be read. Choose another place.")
            }
            guard content.isEmpty else {
                throw CommandError(
                    "\(url.path) already exists and is not empty. Empty it, or choose another place.")
            }
        }
        path = url.resolvingSymlinksInPath().path
        shellPath = Self.quoted(folder)
    }

    /// Writes all of `files`. If an error occurs, everything is removed again.
    func write(_ files: [(path: String, text: String)]) throws(CommandError) {
        let manager = FileManager.default
        let folder = URL(filePath: path, directoryHint: .isDirectory)
        // The new files and folders, outermost first.
        var made: [URL] = []
        do {
            if !isThere {
                try manager.createDirectory(at: folder, withIntermediateDirectories: false)
                made.append(folder)
            }
            for file in files {
                let url = folder.appending(path: file.path)
                made.append(folder.appending(path: file.path.prefix { $0 != "/" }))
                try manager.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
                try Data(file.text.utf8).write(to: url, options: .withoutOverwriting)
            }
        } catch {
            for url in made { try? manager.removeItem(at: url) }
            throw CommandError("The project cannot be written to \(path): \(Self.reason(error)). Choose another place.")
        }
    }

    /// Quotes `path` for a shell.
    private static func quoted(_ path: String) -> String {
        guard path.contains(/[^\w.,:\/@%+=-]/) else { return path }
        return "'" + path.split(separator: "'", omittingEmptySubsequences: false).joined(separator: #"'\''"#) + "'"
    }

    private static func isFolder(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        return unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
    }

    /// Returns the operating system's error text, without Foundation's additions.
    static func reason(_ error: any Error) -> String {
        let inner = (error as NSError).userInfo[NSUnderlyingErrorKey] as? any Error ?? error
        return (inner as? POSIXError).map { Self.text(of: $0.code.rawValue) } ?? "\(inner)"
    }

    /// Returns the operating system's text for an `errno`.
    private static func text(of code: Int32) -> String {
        // SAFETY: `strerror` returns a NUL-terminated string, and nothing else in the program calls it at the same
        // time.
        unsafe String(cString: strerror(code))
    }
}
