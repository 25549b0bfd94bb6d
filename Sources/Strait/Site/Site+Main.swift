internal import Glibc
internal import StraitNetwork

extension Site {
    /// The program's entry: does what the command line asks for and ends with its exit code.
    @MainActor
    public static func main() async {
        let path = CommandLine.arguments.first ?? "site"
        let name = path.split(separator: "/").last.map(String.init) ?? path
        let program = Program(
            name: name, site: Self(), output: { Log.writeLine($0, to: STDOUT_FILENO) },
            errors: { Log.writeLine($0, to: STDERR_FILENO) })
        exit(await program.run(Array(CommandLine.arguments.dropFirst())))
    }
}
