import StraitCommandLine
import StraitWeb

/// Copies the static files of the site and its apps to `STATIC_ROOT`; Django's `collectstatic`.
struct CollectStatic: Command {
    static let name = "collectstatic"
    static let summary = "Copies the apps' static files to STATIC_ROOT."
    static let startsServices = false

    var asksNothing = false
    var clears = false

    static var options: [CommandOption<CollectStatic>] {
        [
            .absence("--noinput", "Accepted for compatibility with Django: the command never asks.", \.asksNothing),
            .flag("--clear", "Whether to remove everything in STATIC_ROOT first.", \.clears),
        ]
    }

    func run(_ context: CommandContext) async throws {
        let settings = context.settings
        guard let root = settings.staticRoot else {
            throw CommandError("STATIC_ROOT is not set. Give it the folder to copy to: STATIC_ROOT=/srv/static.")
        }
        let sources = ComposedSite.staticSources(context.parts, settings)
        // If a folder contained another one, files would be copied repeatedly, and --clear would delete uploaded files.
        let overlaps = settings.folderProblems(sources).filter { $0.level == .error && $0.isOfOverlap }
        if let problem = overlaps.first { throw CommandError("\(problem)") }
        let done = try StaticFiles.collect(sources, into: root, baseURL: settings.staticURL, clearing: clears)
        for warning in done.warnings { context.warn(warning) }
        context.print(
            "Copied \(done.written) of \(done.files) static files to \(root); \(done.compressed) also have compressed "
                + "copies.")
    }
}
