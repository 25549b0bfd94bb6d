internal import StraitCommandLine
internal import StraitCore

/// An error in serving or collecting static files.
public struct StaticFilesError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The problem and the remedy.
    public let description: String
    /// The problem and the remedy, each a sentence, for checks that list them separately.
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
                "\(name) refers to '\(reference)', which is not a static file. Add the file, or remove the reference."
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
                """
                The folder \(path) with static files cannot be read. \(problem) Fix that, or remove the folder from \
                STATICFILES_DIRS or from the app that names it.
                """
        )
    }

    static func file(_ path: String) -> StaticFilesError {
        StaticFilesError(
            description:
                "The static file \(path) cannot be read. Allow the program's user to read it, or remove the file.")
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
                "\(path) cannot be removed: \(problem). Allow the program's user to remove it, or remove it by hand.")
    }

    /// Returns the error for a source that overlaps `STATIC_ROOT`.
    ///
    /// - Parameter relation: The verb between `STATIC_ROOT` and the source: `is in`.
    static func overlap(_ root: String, _ source: String, _ relation: String) -> StaticFilesError {
        let problem = "'\(root)' \(relation) \(source), a source of static files."
        let hint = "Give STATIC_ROOT a separate folder."
        return StaticFilesError(
            description: "STATIC_ROOT: \(problem) \(hint) (staticfiles.E002)",
            parts: Parts(problem: problem, hint: hint))
    }

    static func unclearable(_ root: String, _ problem: String) -> StaticFilesError {
        StaticFilesError(
            description:
                """
                STATIC_ROOT \(root) \(problem), so it is not cleared. Give STATIC_ROOT a separate folder, or omit \
                --clear.
                """
        )
    }

    /// A source has a file with the manifest's name.
    static let manifestName = StaticFilesError(
        description:
            """
            A static file is named \(StaticManifest.fileName), the name of the list of files that collectstatic \
            writes. Rename the static file.
            """
    )

    private static func closest(_ name: String, _ known: [String]) -> String? {
        Spelling.closest(to: name, among: known)
    }
}
