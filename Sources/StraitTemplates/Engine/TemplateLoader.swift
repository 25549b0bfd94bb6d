private import Foundation

/// A source of templates.
public protocol TemplateLoader: Sendable {
    /// Returns the places to look for the template `name`, in the order in which the engine tries them. Returns none
    /// for a name that could lead outside the source.
    func origins(of name: String) -> [TemplateOrigin]
    /// Returns the template's text, or nil if there is no template at `origin`.
    func text(of origin: TemplateOrigin) throws(TemplateError) -> String?
    /// Returns a value that changes whenever the text changes, or nil if there is no template at `origin`. With
    /// `isDebug`, the engine checks it before each use of the template.
    func version(of origin: TemplateOrigin) -> String?
}

/// A place in which a loader looks for a template.
public struct TemplateOrigin: Hashable, Sendable {
    /// The name of the place in error messages, such as a file's path.
    public let name: String
    /// The template's name within the loader.
    public let template: String

    /// Creates an origin.
    public init(name: String, template: String) {
        self.name = name
        self.template = template
    }
}

/// A loader for templates that are compiled into the program.
public struct EmbeddedLoader: TemplateLoader {
    private let texts: [String: String]

    /// Creates a loader for `texts`, which contains the templates' text by name.
    public init(_ texts: [String: String]) { self.texts = texts }

    /// Returns one origin, `embedded:name`, for every name.
    public func origins(of name: String) -> [TemplateOrigin] {
        [TemplateOrigin(name: "embedded:\(name)", template: name)]
    }

    /// Returns the template's text, or nil if the program does not contain it.
    public func text(of origin: TemplateOrigin) -> String? { texts[origin.template] }

    /// Returns an empty version if the program contains the template, because its text never changes.
    public func version(of origin: TemplateOrigin) -> String? { texts[origin.template] == nil ? nil : "" }
}

/// A loader for UTF-8 files in folders (Django's `DIRS`).
///
/// A name cannot lead outside its folder. Absolute names and names that contain `..`, `.` or a NUL character are not
/// found. Neither are symbolic links to files outside the folder.
public struct FolderLoader: TemplateLoader {
    private let folders: [String]

    /// Creates a loader that searches `folders` in order.
    public init(_ folders: String...) { self.init(folders) }

    /// Creates a loader that searches `folders` in order.
    public init(_ folders: [String]) {
        self.folders = folders.map { URL(fileURLWithPath: $0).standardizedFileURL.path }
    }

    /// Returns one path for each folder, or nothing if `name` is not allowed.
    public func origins(of name: String) -> [TemplateOrigin] {
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        guard !name.isEmpty, !name.utf8.contains(0), !parts.contains(""), !parts.contains(".."), !parts.contains(".")
        else { return [] }
        return folders.map { TemplateOrigin(name: "\($0)/\(name)", template: name) }
    }

    /// Returns the file's text, or nil if there is no such file in the folder.
    ///
    /// - Throws: `unreadable` if the file cannot be read or is not UTF-8.
    public func text(of origin: TemplateOrigin) throws(TemplateError) -> String? {
        guard let path = path(of: origin) else { return nil }
        guard let data = FileManager.default.contents(atPath: path) else {
            throw TemplateError(.unreadable, "\(path) cannot be read. Give the server's user the right to read it.")
        }
        guard let text = String(data: data, encoding: .utf8) else {
            throw TemplateError(.unreadable, "\(path) is not UTF-8. Save it in that encoding.")
        }
        return text
    }

    /// Returns the file's modification time, size and inode, or nil if there is no such file in the folder.
    public func version(of origin: TemplateOrigin) -> String? {
        guard let path = path(of: origin), let values = try? FileManager.default.attributesOfItem(atPath: path),
            let date = values[.modificationDate] as? Date, let size = values[.size] as? Int
        else { return nil }
        return "\(date.timeIntervalSinceReferenceDate) \(size) \(values[.systemFileNumber] ?? 0)"
    }

    /// Returns the file's path without symbolic links, or nil if it is not a regular file inside one of the folders.
    private func path(of origin: TemplateOrigin) -> String? {
        guard let folder = folders.first(where: { origin.name == "\($0)/\(origin.template)" }) else { return nil }
        let root = URL(fileURLWithPath: folder).resolvingSymlinksInPath().path
        let path = URL(fileURLWithPath: origin.name).resolvingSymlinksInPath().path
        guard path.hasPrefix(root == "/" ? "/" : root + "/"),
            let kind = try? FileManager.default.attributesOfItem(atPath: path)[.type] as? FileAttributeType,
            kind == .typeRegular
        else { return nil }
        return path
    }
}
