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

    private static func closest(_ name: String, _ known: [String]) -> String? {
        Spelling.closest(to: name, among: known)
    }
}
