internal import Foundation
public import StraitNetwork
public import StraitTemplates
public import StraitWeb

/// The files that the plugin `StraitAppFiles` compiled into a target: those in its folders `Templates` and `Static`.
///
/// An app and a site find those of their own target by themselves. With `DEBUG`, templates and static files are read from
/// the target's folder as long as it exists, so that a change is served with the next request, without a build.
///
/// The file `Embedded.txt` in the target's folder lists further files of the package, one path a line. They are read by
/// that path: `files["CHANGELOG.md"]`.
public struct AppFiles: Sendable {
    /// Contents as they stand in the program.
    private enum Content: Sendable {
        case text(String)
        case base64(String)

        var bytes: Bytes {
            switch self {
            case .text(let text): Bytes(text)
            case .base64(let text): Bytes(Data(base64Encoded: text) ?? Data())
            }
        }
    }

    /// The folder of the target's sources on the machine that built the program; nil if there are no files.
    public let folder: String?
    /// The paths of all files, in order.
    public private(set) var names: [String] = []
    private var contents: [String: Content] = [:]

    /// No files.
    public init() { folder = nil }

    /// No files yet, of a target whose sources are in `folder`. For generated code.
    public init(folder: String) { self.folder = folder }

    /// The files of the target that `type` is declared in; none if the target does not use the plugin.
    public init(ofTargetOf type: Any.Type) {
        // The plugin generates a class of this name in each target, which the runtime knows by its qualified name.
        let found: AnyClass? = NSClassFromString("\(Self.module(of: String(reflecting: type))).StraitAppFiles")
        self = (found as? any TargetFiles.Type)?.files ?? AppFiles()
    }

    /// Adds a text file. For generated code.
    public mutating func add(_ name: String, text: String) { add(name, .text(text)) }

    /// Adds a file that is not UTF-8. For generated code.
    public mutating func add(_ name: String, base64: String) { add(name, .base64(base64)) }

    private mutating func add(_ name: String, _ content: Content) {
        if contents.updateValue(content, forKey: name) == nil { names.append(name) }
    }

    /// The contents of the file at a path, as compiled in: `Static/chat/chat.css`; nil if there is no such file.
    public subscript(name: String) -> Bytes? { contents[name]?.bytes }

    /// The module in a type's full name, which may be that of an extension of another module's type.
    static func module(of name: String) -> Substring {
        let name = name.hasPrefix("(extension in ") ? name.dropFirst("(extension in ".count) : name[...]
        return name.prefix { $0 != "." && $0 != ")" }
    }

    // MARK: Serving

    /// The loader of the files in `Templates`.
    ///
    /// - Parameter isDebug: Whether to read them from the target's folder, if it exists.
    public func templates(isDebug: Bool = false) -> any TemplateLoader {
        if isDebug, let folder = existingFolder { return AppTemplates(.folder(FolderLoader(folder + "/Templates"))) }
        return AppTemplates(.embedded(self))
    }

    /// The source of the files in `Static`.
    ///
    /// - Parameter isDebug: Whether to read them from the target's folder, if it exists.
    public func staticFiles(isDebug: Bool = false) -> StaticSource {
        if isDebug, let folder = existingFolder { return .folder(folder + "/Static") }
        var files: [String: Bytes] = [:]
        for (name, content) in contents where name.hasPrefix("Static/") {
            files[String(name.dropFirst("Static/".count))] = content.bytes
        }
        return .embedded(files)
    }

    /// The folders that are read with each request with `DEBUG`, without links.
    var watchedFolders: [String] {
        guard let folder = existingFolder else { return [] }
        let path = URL(filePath: folder).resolvingSymlinksInPath().path
        return ["\(path)/Templates", "\(path)/Static"]
    }

    /// The folder, if it is on this machine.
    private var existingFolder: String? {
        guard let folder, FileManager.default.fileExists(atPath: folder) else { return nil }
        return folder
    }
}

/// The class with the files of a target, which the plugin `StraitAppFiles` generates.
public protocol TargetFiles: AnyObject {
    /// The files of the target.
    static var files: AppFiles { get }
}
