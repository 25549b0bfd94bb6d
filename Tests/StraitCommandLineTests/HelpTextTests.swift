import Testing

@testable import StraitCommandLine

@Suite struct HelpTextTests {
    @Test func `the usage names the arguments of a command`() {
        let help = HelpText.command(
            Sample.name, summary: Sample.summary, options: Sample.options, program: "mysite")
        #expect(
            help.hasPrefix("Does nothing.\n\nUsage: mysite sample TARGET [MORE …] [options]\n\nArguments:\n"))
    }

    @Test func `the usage of a program without a default command requires a command`() {
        let help = HelpText.program("tool", commands: [("greet", "Says hello.")], defaultCommand: nil)
        #expect(help.hasPrefix("Usage: tool COMMAND [options]\n\nCommands:\n  greet  Says hello.\n"))
    }
}
