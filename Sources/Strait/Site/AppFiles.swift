internal import Foundation
public import StraitCore
public import StraitMigrations
public import StraitModels
public import StraitTemplates
public import StraitWeb

/// The files that the plugin `StraitAppFiles` compiled into a target, from its folders `Templates` and `Static`.
///
/// Apps and sites use the files of their own target by default. With `DEBUG`, templates and static files are read from
/// the target's folder if it exists. The next request then serves a changed file without a build.
///
/// The file `Embedded.txt` in the target's folder lists additional files of the package, one path per line. Read such a
/// file by its path: `files["CHANGELOG.md"]`.
public struct AppFiles: Sendable {
    /// A file's content as a literal in the program.
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

    /// The folder of the target's sources on the machine that built the program, or nil if there are no files.
    public let folder: String?
    /// The paths of all files, in order.
    public private(set) var names: [String] = []
    private var contents: [String: Content] = [:]

    /// Creates an empty collection.
    public init() { folder = nil }

    /// Creates an empty collection for a target whose sources are in `folder`. Generated code calls it.
    public init(folder: String) { self.folder = folder }

    /// Collects the files of the target that declares `type`. The collection is empty if the target does not use the
    /// plugin.
    public init(ofTargetOf type: Any.Type) {
        self = TargetClass.of(type)?.files ?? AppFiles()
    }

    /// Adds a text file. Generated code calls it.
    public mutating func add(_ name: String, text: String) { add(name, .text(text)) }

    /// Adds a file that is not UTF-8. Generated code calls it.
    public mutating func add(_ name: String, base64: String) { add(name, .base64(base64)) }

    private mutating func add(_ name: String, _ content: Content) {
        if contents.updateValue(content, forKey: name) == nil { names.append(name) }
    }

    /// The compiled-in content of the file at a path, such as `Static/chat/chat.css`; nil if there is no such file.
    public subscript(name: String) -> Bytes? { contents[name]?.bytes }

    /// Returns the module of a type's full name. The type may be an extension of another module's type.
    static func module(of name: String) -> Substring {
        let name = name.hasPrefix("(extension in ") ? name.dropFirst("(extension in ".count) : name[...]
        return name.prefix { $0 != "." && $0 != ")" }
    }

    // MARK: Serving

    /// Returns a loader for the files in `Templates`.
    ///
    /// - Parameter isDebug: Whether to read the files from the target's folder if it exists.
    public func templates(isDebug: Bool = false) -> any TemplateLoader {
        if isDebug, let folder = existingFolder { return AppTemplates(.folder(FolderLoader(folder + "/Templates"))) }
        return AppTemplates(.embedded(self))
    }

    /// Returns a source for the files in `Static`.
    ///
    /// - Parameter isDebug: Whether to read the files from the target's folder if it exists.
    public func staticFiles(isDebug: Bool = false) -> StaticSource {
        if isDebug, let folder = existingFolder { return .folder(folder + "/Static") }
        var files: [String: Bytes] = [:]
        for (name, content) in contents where name.hasPrefix("Static/") {
            files[String(name.dropFirst("Static/".count))] = content.bytes
        }
        return .embedded(files)
    }

    /// The folders that the server reads for each request with `DEBUG`, with symbolic links resolved.
    var watchedFolders: [String] {
        guard let folder = existingFolder else { return [] }
        let path = URL(filePath: folder).resolvingSymlinksInPath().path
        return ["\(path)/Templates", "\(path)/Static"]
    }

    /// The folder, or nil if it does not exist on this machine.
    private var existingFolder: String? {
        guard let folder, FileManager.default.fileExists(atPath: folder) else { return nil }
        return folder
    }
}

/// The class that the plugin `StraitAppFiles` generates for a target's files.
public protocol TargetFiles: AnyObject {
    /// The files of the target.
    static var files: AppFiles { get }
    /// The models that the target declares.
    static var models: [any Model.Type] { get }
    /// The migrations that the target declares.
    static var migrations: [any Migration.Type] { get }
}

extension TargetFiles {
    /// None, by default.
    public static var models: [any Model.Type] { [] }
    /// None, by default.
    public static var migrations: [any Migration.Type] { [] }
}

/// The class that the plugin generated for the target of a type.
enum TargetClass {
    /// Returns the class, or nil if the target does not use the plugin. The runtime finds it by its qualified name.
    static func of(_ type: Any.Type) -> (any TargetFiles.Type)? {
        let found: AnyClass? = NSClassFromString("\(AppFiles.module(of: String(reflecting: type))).StraitAppFiles")
        return found as? any TargetFiles.Type
    }
}
