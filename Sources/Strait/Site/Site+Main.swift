internal import Glibc
internal import StraitNetwork

extension Site {
    /// The program's entry: does what the command line asks for and ends with its exit code.
    @MainActor
    public static func main() async {
        let path = CommandLine.arguments.first ?? "site"
        let name = path.split(separator: "/").last.map(String.init) ?? path
        let program = Program(
            name: name, site: Self(), output: { LineOutput.standardOutput.writeWhole($0) },
            errors: { LineOutput.standardError.writeWhole($0) })
        exit(await program.run(Array(CommandLine.arguments.dropFirst())))
    }
}
