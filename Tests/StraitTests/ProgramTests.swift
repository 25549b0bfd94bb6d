import StraitCommandLine
import StraitServer
import Testing

@testable import Strait

private struct Greet: Command {
    static let name = "greet"
    static let summary = "Says hello."
    static var options: [CommandOption<Greet>] {
        [.value("--name", "NAME", "Whom to greet.", \.person), .flag("--fail", "Whether to fail.", \.fails)]
    }
    var person = "world"
    var fails = false

    func run(_ context: CommandContext) async throws {
        if fails { throw CommandError("Nobody is there. Try again tomorrow.") }
        if person == "nobody" { throw UsageError("--name takes somebody.") }
        context.print("Hello, \(person)!")
    }
}

private struct MySite: Site {
    var commands: [any Command.Type] { [Greet.self] }
    var routes: [Route] {
        path("", name: "home") { _ in .text("home") }
        path("rooms/<int:id>/", name: "room") { _ in .text("room") }
    }
}

@Suite struct ProgramTests {
    @Test func `help lists the commands`() async {
        let run = await ProgramRun.of(MySite(), "--help")
        #expect(
            run.output == [
                """
                Usage: mysite [command] [options]

                Commands:
                  runserver       Serves the site. This is the default command.
                  runworker       Processes the messages of channels.
                  send            Sends a message to a group or a channel.
                  routes          Lists the site's paths and its workers' channels.
                  check           Checks settings, routes, files and services.
                  collectstatic   Copies the apps' static files to STATIC_ROOT.
                  makemigrations  Writes migrations for changed models.
                  migrate         Applies migrations to the database, or undoes them.
                  showmigrations  Lists the migrations, with a mark for those that are applied.
                  sqlmigrate      Prints the SQL of a migration.
                  inspectdb       Prints Swift models of the tables of a database.
                  dbshell         Runs sqlite3 or psql on the database.
                  flush           Deletes all rows of the site's tables.
                  dumpdata        Prints rows as a fixture in Django's JSON format.
                  loaddata        Loads fixtures in Django's JSON format.
                  greet           Says hello.

                Options:
                  --help     Print this help and exit.
                  --version  Print the version and exit.

                mysite COMMAND --help lists a command's options.
                """
            ])
        #expect(run.code == 0 && run.errors.isEmpty)
        #expect(await ProgramRun.of(MySite(), "help") == run)
        #expect(await ProgramRun.of(MySite(), "-h") == run)
    }

    @Test(arguments: ["greet --help", "help greet", "greet --name Ada -h"])
    func `a command's help lists its options`(line: String) async {
        let run = await ProgramRun.of(MySite(), line)
        #expect(
            run.output == [
                """
                Says hello.

                Usage: mysite greet [options]

                Options:
                  --name NAME        Whom to greet.
                  --fail, --no-fail  Whether to fail.
                  --help             Print this help and exit.
                """
            ])
        #expect(run.code == 0)
    }

    @Test func `the help of runserver fits in 80 columns`() {
        for line in HelpText.command(RunServer.self, program: "mysite").split(separator: "\n") {
            #expect(line.count <= 80, "\(line)")
        }
    }

    @Test func `the error for an invalid duration states the allowed range`() {
        var command = RunServer()
        #expect(
            throws: UsageError("--ping-interval takes a number of seconds, 0.001 or more, not '0.0001'.")
        ) { try OptionParser(options: RunServer.options).parse(["--ping-interval", "0.0001"], into: &command) }
    }

    @Test(arguments: [
        "--host", "--port", "--unix-socket", "--fd", "--loops", "--max-message-size", "--max-frame-size", "--log-level",
        "--no-access-log", "--root-path", "--server-name", "--no-server-name", "--ping-interval", "--ping-timeout",
        "--handshake-timeout", "--proxy-headers", "--unix-socket-mode",
    ])
    func `runserver has the option`(name: String) {
        let words = HelpText.command(RunServer.self, program: "x").split { $0 == " " || $0 == "\n" || $0 == "," }
        #expect(words.contains { $0 == name })
    }

    @Test func `a site's own command runs`() async {
        #expect(
            await ProgramRun.of(MySite(), "greet --name=Ada")
                == ProgramRun(code: 0, output: ["Hello, Ada!"], errors: []))
    }

    @Test(arguments: [
        ("gret", 2, "There is no command 'gret'. Did you mean greet?"),
        (
            "deploy", 2,
            """
            There is no command 'deploy'. There are: runserver, runworker, send, routes, check, collectstatic, \
            makemigrations, migrate, showmigrations, sqlmigrate, inspectdb, dbshell, flush, dumpdata, loaddata, greet, \
            help.
            """
        ),
        ("test", 2, "There is no command 'test'. Run the tests with the package manager: swift test"),
        ("startapp chat", 2, "'startapp' is a command of strait. Run it with: swift run strait startapp NAME"),
        ("greet --name nobody", 2, "--name takes somebody."),
        ("greet --fail", 1, "Nobody is there. Try again tomorrow."),
        ("--prot 1", 2, "There is no option --prot. Did you mean --port? --help lists all."),
        ("--port 65536", 2, "--port takes a whole number from 0 to 65535, not '65536'."),
        (
            "--proxy-headers proxy.local", 2,
            """
            --proxy-headers takes a numeric address, a network such as 10.0.0.0/8, or 'unix', or several separated by \
            commas, not 'proxy.local'.
            """
        ),
        (
            "send chat {", 2,
            """
            The message is not a JSON object. Invalid JSON at offset 1: the text ends where a key is expected. Write \
            it in single quotes: '{"type": "note", "text": "hi"}'.
            """
        ),
        (
            "send chat {\"text\":\"hi\"}", 2,
            "The message has no type, which selects its handler. Add one: '{\"type\": \"note\"}'."
        ),
        (
            "send chat {\"type\":\"note\"}", 1,
            """
            The channel layer 'default' is in this process's memory, so no server would receive the message. Set \
            CHANNEL_LAYERS to the layer that the site's servers use.
            """
        ),
        (
            "send --layer jobs chat {\"type\":\"note\"}", 1,
            "There is no channel layer named 'jobs'. Known layers: default."
        ),
        (
            "runworker resize", 1,
            """
            The channel layer 'default' is in this process's memory, so no other process can send to it. Set \
            CHANNEL_LAYERS to a Redis layer. Without one, runserver processes the messages itself.
            """
        ),
        ("runserver --loops 0", 2, "--loops takes a whole number from 1 to 1024, not '0'."),
        (
            "--log-level loud", 2,
            "--log-level takes one of trace, debug, info, notice, warning, error, critical, not 'loud'."
        ),
        (
            "--proxy-headers 10.0.0.0/33", 2,
            """
            --proxy-headers takes a numeric address, a network such as 10.0.0.0/8, or 'unix', or several separated by \
            commas, not '10.0.0.0/33'.
            """
        ),
        (
            "--unix-socket a --unix-socket-mode 888", 2,
            "--unix-socket-mode takes permissions in octal digits, such as 0660, not '888'."
        ),
        (
            "--unix-socket-mode 0600", 2,
            "--unix-socket-mode requires --unix-socket. Give a socket, or remove the mode."
        ),
        ("--root-path /app?x", 2, "--root-path takes a path that begins with a slash, not '/app?x'."),
        ("--server-name a\u{e9}", 2, "--server-name takes printable ASCII, not \"a\u{e9}\"."),
        ("--root-path app", 2, "--root-path takes a path that begins with a slash, not 'app'."),
        (
            "--server-name a --no-server-name", 2,
            "--server-name and --no-server-name cannot be combined. Give one or the other."
        ),
        (
            "--host nowhere.invalid", 1,
            "The host 'nowhere.invalid' is not known. Give an address of this machine: 127.0.0.1, 0.0.0.0 or ::."
        ),
        (
            "--fd 1000000", 1,
            "Descriptor 1000000 is not a listening socket. Give one that the parent process listens on."
        ),
    ])
    func `wrong arguments and failures are one-line errors`(line: String, code: Int32, message: String) async {
        #expect(
            await ProgramRun.of(MySite(), line) == ProgramRun(code: code, output: [], errors: ["mysite: \(message)"]))
    }

    @Test func `the option --version prints the version`() async {
        #expect(await ProgramRun.of(MySite(), "--version").output == ["mysite (Strait \(Release.version))"])
    }

    @Test func `routes lists the site's routes`() async {
        let lines = await ProgramRun.of(MySite(), "routes").output
        #expect(
            lines == [
                "page              /                    home  a function",
                "page              /rooms/<int:id>/     room  a function",
                "GET,HEAD,OPTIONS  /static/<path:path>  -     StaticFilesHandler",
            ])
    }

    @Test func `routes lists the channels of workers, too`() async {
        struct WorkingSite: Site {
            var routes: [Route] {
                ChannelNameRouter(["resize": WorkerConsumer.init])
            }
        }
        #expect(
            await ProgramRun.of(WorkingSite(), "routes").output.contains {
                $0.hasPrefix("channel") && $0.contains("resize")
            })
    }

    @Test func `the channel layers come from the program's settings`() async {
        let errors = Lines()
        let program = Program(
            name: "mysite", site: MySite(), environment: ["DEBUG": "true", "CHANNEL_LAYERS": "layers"],
            output: { _ in },
            errors: { errors.append($0) })
        #expect(await program.run(["routes"]) == 1)
        #expect(errors.all.count == 1 && errors.all[0].hasPrefix("mysite: CHANNEL_LAYERS"))
    }

    @Test func `options without a command are those of runserver`() throws {
        let program = Program(name: "x", site: MySite(), output: { _ in }, errors: { _ in })
        guard case .run(let command, _) = try program.read(["--port", "9000"]) else { return #expect(Bool(false)) }
        #expect((command as? RunServer)?.port?.value == 9000)
        guard case .run(let plain, _) = try program.read([]) else { return #expect(Bool(false)) }
        #expect(plain is RunServer)
    }

    @Test func `a site's command replaces the framework's of the same name`() {
        struct Own: Command {
            static let name = "routes"
            static let summary = "Mine."
            func run(_ context: CommandContext) async throws {}
        }
        struct OwnSite: Site { var commands: [any Command.Type] { [Own.self] } }
        let commands = Program(name: "x", site: OwnSite(), output: { _ in }, errors: { _ in }).commands
        #expect(commands.map { $0.name }.prefix(4) == ["runserver", "runworker", "send", "check"])
        #expect(commands.map { $0.name }.filter { $0 == "routes" }.count == 1)
        #expect(commands.map { $0.summary }.last == "Mine.")
    }
}
