internal import StraitNetwork

/// Why static files cannot be served or collected, and what to do.
public struct StaticFilesError: Error, Hashable, Sendable, CustomStringConvertible {
    public let description: String

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

    static func unwritable(_ path: String, _ problem: String) -> StaticFilesError {
        StaticFilesError(
            description:
                "\(path) cannot be written: \(problem). Give STATIC_ROOT a folder that the program's user may write to."
        )
    }

    private static func closest(_ name: String, _ known: [String]) -> String? {
        Spelling.closest(to: name, among: known)
    }
}
