import Testing

@testable import Strait

private struct Greet: Command {
    static let name = "greet"
    static let summary = "Says hello."

    func run(_ context: CommandContext) async throws { context.print("Hello from \(context.program)!") }
}

/// A program without a site, as `strait` is.
@Suite struct ToolTests {
    private func run(_ line: String) async -> ProgramRun {
        let (output, errors) = (Lines(), Lines())
        let program = Program(
            name: "tool", commands: [Greet.self], output: { output.append($0) }, errors: { errors.append($0) })
        let code = await program.run(line.split(separator: " ").map(String.init))
        return ProgramRun(code: code, output: output.all, errors: errors.all)
    }

    @Test func `without a command it says what there is`() async {
        let help = await run("")
        #expect(
            help.output == [
                """
                Usage: tool COMMAND [options]

                Commands:
                  greet  Says hello.

                Options:
                  --help     Print this and end.
                  --version  Print the version and end.

                tool COMMAND --help lists what a command takes.
                """
            ])
        #expect(help.code == 0)
        #expect(await run("--help") == help)
    }

    @Test func `it runs its commands and has none of a site's`() async {
        #expect(await run("greet") == ProgramRun(code: 0, output: ["Hello from tool!"], errors: []))
        #expect(
            await run("runserver")
                == ProgramRun(
                    code: 2, output: [], errors: ["tool: There is no command 'runserver'. There are: greet, help."]))
    }

    @Test func `an option that belongs to no command is unknown`() async {
        #expect(
            await run("--prot 1")
                == ProgramRun(code: 2, output: [], errors: ["tool: There is no option --prot. --help lists all."]))
        #expect(
            await run("--verson")
                == ProgramRun(
                    code: 2, output: [],
                    errors: ["tool: There is no option --verson. Did you mean --version? --help lists all."]))
    }
}
