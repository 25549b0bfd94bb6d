import StraitCommandLine
import Testing

@testable import StraitCommand

@Suite struct ToolTests {
    @Test func `without a command the tool lists its commands and options`() {
        let help = CommandRun.of()
        #expect(
            help
                == CommandRun(
                    code: 0,
                    output: [
                        """
                        Usage: strait COMMAND [options]

                        Commands:
                          startproject  Creates a project that builds, runs and passes its tests.
                          startapp      Adds an app to a project: a folder with a page, a consumer and a
                                        test.

                        Options:
                          --help     Print this help and exit.
                          --version  Print the version and exit.

                        strait COMMAND --help lists a command's options.
                        """
                    ]))
        #expect(CommandRun.of("--help") == help && CommandRun.of("-h") == help && CommandRun.of("help") == help)
    }

    @Test func `a command's help begins with its summary and usage`() {
        let help = CommandRun.of("help", "startapp")
        #expect(
            help.output.first?.hasPrefix(
                "Adds an app to a project: a folder with a page, a consumer and a test.\n\n"
                    + "Usage: strait startapp NAME [FOLDER] [options]\n") == true)
        #expect(CommandRun.of("startapp", "--help") == help && CommandRun.of("startapp", "blog", "-h") == help)
    }

    @Test func `--version prints the version`() {
        #expect(CommandRun.of("--version").output == ["strait (Strait \(Release.version))"])
    }

    @Test func `an invalid command line prints one line and exits with code 2`() {
        #expect(
            CommandRun.of("startprojekt", "blog")
                == .refused("There is no command 'startprojekt'. Did you mean startproject?", code: 2))
        #expect(
            CommandRun.of("runserver")
                == .refused("There is no command 'runserver'. There are: startproject, startapp, help.", code: 2))
        #expect(
            CommandRun.of("--verson")
                == .refused("There is no option --verson. Did you mean --version? --help lists all.", code: 2))
        #expect(
            CommandRun.of("startapp", "--projekt", "a")
                == .refused("There is no option --projekt. --help lists all.", code: 2))
        #expect(
            CommandRun.of("startapp", "a", "b", "c")
                == .refused("Unexpected argument 'c'. --help lists what is allowed.", code: 2))
    }
}
