internal import StraitCommandLine
internal import StraitNetwork

/// Why static files cannot be served or collected, and what to do.
public struct StaticFilesError: Error, Hashable, Sendable, CustomStringConvertible {
    public let description: String
    /// The problem and the remedy, each in a sentence, if a check lists them apart.
    let parts: Parts?

    struct Parts: Hashable, Sendable {
        let problem: String
        let hint: String
    }

    private init(description: String, parts: Parts? = nil) {
        self.description = description
        self.parts = parts
    }

    static func missing(_ name: String, known: [String]) -> StaticFilesError {
        StaticFilesError(
            description: "There is no static file '\(name)'."
                + (Self.closest(name, known).map { " Did you mean '\($0)'?" } ?? " Put it into an app's static files."))
    }

    static func missing(_ reference: String, in name: String) -> StaticFilesError {
        StaticFilesError(
            description:
                "\(name) refers to '\(reference)', and there is no such static file. Add it, or take the reference away."
        )
    }

    static func noManifest(_ path: String, folderExists: Bool) -> StaticFilesError {
        unreadable(path, folderExists ? "There is no such file." : "There is no such folder.")
    }

    static func unreadable(_ path: String, _ problem: String) -> StaticFilesError {
        StaticFilesError(description: "\(path): \(problem) Run collectstatic again, or unset STATIC_ROOT.")
    }

    static func folder(_ path: String, _ problem: String) -> StaticFilesError {
        StaticFilesError(
            description:
                "The folder \(path) with static files cannot be read. \(problem) Mend that, or take it out of STATICFILES_DIRS or of the app that names it."
        )
    }

    static func file(_ path: String) -> StaticFilesError {
        StaticFilesError(
            description:
                "The static file \(path) cannot be read. Give the program's user the right to, or take the file away.")
    }

    static func unwritable(_ path: String, _ problem: String, isFull: Bool = false) -> StaticFilesError {
        let hint =
            isFull
            ? "Make room on the disk, or give STATIC_ROOT a folder on another."
            : "Give STATIC_ROOT a folder that the program's user may write to."
        return StaticFilesError(description: "\(path) cannot be written: \(problem). \(hint)")
    }

    static func unremovable(_ path: String, _ problem: String) -> StaticFilesError {
        StaticFilesError(
            description:
                "\(path) cannot be removed: \(problem). Give the program's user the right to, or remove it by hand.")
    }

    /// - Parameter relation: The verb between `STATIC_ROOT` and the source.
    static func overlap(_ root: String, _ source: String, _ relation: String) -> StaticFilesError {
        let problem = "'\(root)' \(relation) \(source), which static files come from."
        let hint = "Give STATIC_ROOT a folder of its own."
        return StaticFilesError(
            description: "STATIC_ROOT: \(problem) \(hint) (staticfiles.E002)",
            parts: Parts(problem: problem, hint: hint))
    }

    static func unclearable(_ root: String, _ problem: String) -> StaticFilesError {
        StaticFilesError(
            description:
                "STATIC_ROOT \(root) \(problem), and is not cleared. Give STATIC_ROOT a folder of its own, or leave --clear out."
        )
    }

    /// A source has a file with the name of the manifest.
    static let manifestName = StaticFilesError(
        description:
            "A static file is named \(StaticManifest.fileName), and collectstatic writes its list of files under that name. Rename the static file."
    )

    private static func closest(_ name: String, _ known: [String]) -> String? {
        Spelling.closest(to: name, among: known)
    }
}
