private import Foundation

/// Templates in files of folders (Django's `DIRS`), in UTF-8.
///
/// A name never leads out of its folder: names that are absolute or have `..` or a NUL in them, and links that point
/// elsewhere, are as if there were no file.
public struct FolderLoader: TemplateLoader {
    private let folders: [String]

    /// The folders, to be looked in one after the other.
    public init(_ folders: String...) { self.init(folders) }

    /// The folders, to be looked in one after the other.
    public init(_ folders: [String]) {
        self.folders = folders.map { URL(fileURLWithPath: $0).standardizedFileURL.path }
    }

    public func origins(of name: String) -> [TemplateOrigin] {
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        guard !name.isEmpty, !name.utf8.contains(0), !parts.contains(""), !parts.contains(".."), !parts.contains(".")
        else { return [] }
        return folders.map { TemplateOrigin(name: "\($0)/\(name)", template: name) }
    }

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

    public func version(of origin: TemplateOrigin) -> String? {
        guard let path = path(of: origin), let values = try? FileManager.default.attributesOfItem(atPath: path),
            let date = values[.modificationDate] as? Date, let size = values[.size] as? Int
        else { return nil }
        return "\(date.timeIntervalSinceReferenceDate) \(size) \(values[.systemFileNumber] ?? 0)"
    }

    /// The file behind all links, where it is one of the folder's.
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
