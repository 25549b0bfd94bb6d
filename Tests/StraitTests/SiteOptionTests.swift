import StraitCommandLine
import Testing

@testable import Strait

/// A command that prints its site's options.
private struct Show: Command {
    static let name = "show"
    static let summary = "Shows the site."
    static var options: [CommandOption<Show>] { [.value("--size", "N", "How large.", \.size)] }
    var size = 1

    func run(_ context: CommandContext) async throws {
        guard let site = context.site as? Adjustable else { throw CommandError("Another site.") }
        context.print("size \(size), \(site.size) in the site, demo \(site.isDemo)")
    }
}

private struct Adjustable: Site {
    static var options: [CommandOption<Adjustable>] {
        [.flag("--demo", "Whether to fill the tables.", \.isDemo), .value("--size", "N", "The site's.", \.size)]
    }
    var isDemo = false
    var size = 0

    var commands: [any Command.Type] { [Show.self] }
    var routes: [Route] {
        path("") { _ in .text("home") }
        if isDemo { path("demo/") { _ in .text("demo") } }
    }
}

private struct Plain: Site {}

@Suite struct SiteOptionTests {
    @Test func `a site's own option reaches the site with any command`() async {
        #expect(
            await ProgramRun.of(Adjustable(), "show --demo").output == ["size 1, 0 in the site, demo true"])
        #expect(!(await ProgramRun.of(Adjustable(), "routes").output.contains { $0.contains("/demo/") }))
        #expect(
            await ProgramRun.of(Adjustable(), "routes --demo").output.contains { $0.contains("/demo/") })
    }

    @Test func `runserver takes a site's option beside its own, even without its name`() throws {
        let program = Program(name: "x", site: Adjustable(), output: { _ in }, errors: { _ in })
        for words in [["runserver", "--demo", "--port", "1"], ["--port", "1", "--demo"]] {
            guard case .run(let command, let site) = try program.read(words) else { return #expect(Bool(false)) }
            #expect((command as? RunServer)?.port?.value == 1)
            #expect((site as? Adjustable)?.isDemo == true)
        }
    }

    @Test func `a command's option takes precedence over the site's option of the same name`() async {
        #expect(await ProgramRun.of(Adjustable(), "show --size 5").output == ["size 5, 0 in the site, demo false"])
    }

    @Test func `a command's help lists the site's options after its own`() async {
        #expect(
            await ProgramRun.of(Adjustable(), "show --help").output == [
                """
                Shows the site.

                Usage: mysite show [options]

                Options:
                  --size N           How large.
                  --demo, --no-demo  Whether to fill the tables.
                  --help             Print this help and exit.
                """
            ])
    }

    @Test func `a site without the option rejects it`() async {
        #expect(
            await ProgramRun.of(Plain(), "--demo")
                == ProgramRun(code: 2, output: [], errors: ["mysite: There is no option --demo. --help lists all."]))
    }
}
