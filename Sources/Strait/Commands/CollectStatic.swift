import StraitWeb

/// Copies the static files of the site and its apps to `STATIC_ROOT`; Django's `collectstatic`.
struct CollectStatic: Command {
    static let name = "collectstatic"
    static let summary = "Copies the apps' static files to STATIC_ROOT."

    var isQuietAboutIt = false

    static var options: [CommandOption<CollectStatic>] {
        [.flag("--noinput", "Taken for Django's sake: nothing is ever asked.", \.isQuietAboutIt)]
    }

    func run(_ context: CommandContext) async throws {
        guard let root = context.settings.staticRoot else {
            throw CommandError("STATIC_ROOT is not set. Give it the folder to copy to: STATIC_ROOT=/srv/static.")
        }
        let done = try StaticFiles.collect(
            context.site.staticSources(context.settings), into: root, baseURL: context.settings.staticURL)
        context.print(
            "\(done.written) of \(done.files) static files were new in \(root); \(done.compressed) are there compressed, too."
        )
    }
}
